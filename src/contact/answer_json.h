/* contact/answer_json.h - a look-up's answer as one JSON object (docs/json.md, "contact"). */
#ifndef CONTACT_ANSWER_JSON_H
#define CONTACT_ANSWER_JSON_H

#include "contact/contact.h"
#include "json/writer.h"

void contact_answer_write(struct json_writer *writer,
			  const struct contact_answer *answer);

#endif
