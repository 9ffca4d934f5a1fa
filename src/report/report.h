/* report/report.h - a case, or the part of it about one source, as one message.
 *
 * report_render   makes memo, parts, and the whole RFC 5322 message from facts alone; the
 *                 same request gives the same bytes (given the same signature time), and
 *                 nothing in it is looked up, sent or stored. For a contact that takes a
 *                 form there are its fields in place of parts and message (report/form.h).
 * report_compose  the whole message of what was rendered (and perhaps stored) before: the
 *                 same bytes as report_render made of it. A key signs it.
 * Rules: reference "The memo: must and must not"; RFC 6650; RFC 5322, 2045, 3156.        */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "conf/settings.h"
#include "contact/contact.h"
#include "incident/mail.h"

/* What machines can read in it: report/format.h. */
enum report_format {
	FORMAT_XARF,
	FORMAT_PLAIN,
	FORMAT_CSV,
	FORMAT_XARF_REPORT,
	FORMAT_XARF_OLD,
	FORMAT_ARF,
	FORMAT_IODEF,
	FORMAT_IODEF_JSON,
};

/* One source of the report: all its incidents in the window, and what is known of it. */
struct report_source {
	const struct incident *const *incidents;
	size_t count;
	const struct contact_answer *about; /* network, names; NULL: not looked up */
	int64_t blocked_at; /* since when we block it; 0: not known to be blocked     */
	int64_t unblocked_at; /* until when; 0: it is blocked still                     */
	struct slice
		blocked_by; /* "fail2ban, jail sshd"; may be empty                 */
	bool successes_read; /* its logs were read for successful logins too, so that
	                        "none seen" is a fact and not a guess                  */
	struct incident_mail
		mail; /* one that is the evidence; empty: logs are         */
};

/* An earlier mail about the same source to the same contact. */
struct report_before {
	struct slice token, message_id;
	struct slice tag; /* of its case                                          */
	int64_t sent_at; /* 0: there is none                                      */
	int64_t answered_at; /* the desk's last answer in it; 0: none is known        */
	struct slice answer_id; /* the Message-ID of that; empty: it was no mail      */
};

/* What goes beyond one window and one source; zeros: nothing is known. */
struct report_scale {
	uint32_t days, days_of; /* different days on which a source was seen, of the
	                           last so many                                     */
	uint32_t sources; /* of this network                                     */
	int64_t sources_since;
};

/* Who will read it decides what is left out (report/redact.h). */
enum report_reader {
	READER_NETWORK, /* the responsible network                             */
	READER_CSIRT,
	READER_PUBLIC, /* a public database                                   */
	READER_COUNT,
};

struct template_set; /* report/templates.h */
struct report_sum; /* report/sum.h */

/* So many of very many sources are told one by one; all are in the sum. */
enum { REPORT_SHOWN_MAX = 100 };

struct report_request {
	const struct settings *settings;
	const struct report_source *sources;
	size_t count;
	const struct report_sum *sum; /* NULL, or of all `count` sources: `sources` then
	                                 are only its first REPORT_SHOWN_MAX          */
	const struct contact *contact; /* the first recipient, and why; NULL: none  */
	const struct slice *wide; /* further recipients, --wide; may be none   */
	size_t wide_count;
	uint8_t pseudonym_key[32]; /* of the installation: the same user name gets the
	                              same pseudonym in all its reports (RFC 6590)    */
	struct slice token; /* 5 characters, in the subject              */
	struct slice
		message_id; /* "<...>", fixed by (case, part, revision, recipient) */
	uint8_t report_uuid[16]; /* seed of the X-ARF report ids              */
	int64_t made_at; /* Date: and "now"                           */
	struct report_before before; /* a follow-up says so in its first lines    */
	bool sign; /* with settings->key or settings->certificate */
	enum report_format format; /* of the parts, by the contact's profile   */
	struct slice tag; /* the desk's own, "[isp.example #1]"; may be empty  */
	const struct template_set *templates; /* NULL: the shipped ones       */
	struct slice terms; /* the clause of their own terms that this breaks,
	                       "section 3.2 of your acceptable use policy"; may be
	                       empty, untrusted                                      */
	struct report_scale scale;
	enum report_reader reader;
};

struct report_part { /* a machine-readable part, or why there is none      */
	struct slice source;
	struct slice kind; /* "xarf"                                              */
	struct slice type; /* "login_attack"; empty: none                         */
	struct slice reason; /* why none                                            */
	struct slice media; /* "application/json"                                 */
	struct slice name; /* of the file; empty: it stands inline                 */
	struct slice body; /* the part itself                                     */
	bool checked; /* just now, by whoever made it: a stored one is checked again */
};
struct report_parts {
	struct report_part *at;
	size_t count, room;
};

struct report {
	struct slice subject;
	struct slice memo; /* the text/plain body, UTF-8, LF line ends, <= 78 wide
	                              but for evidence lines                              */
	struct slice csv; /* of all sources, empty for a single one             */
	struct report_parts parts;
	struct slice message; /* RFC 5322 bytes, CRLF line ends                     */
	struct slices recipients;
	struct slice thread; /* Message-IDs of the mails it follows, one blank between,
	                        the newest last; may be empty                         */
	struct sha256 sha256; /* of message                                         */
	struct slices missing; /* settings that are not set and leave a gap in the memo:
	                          "name", "role", "relation", "mail", "hosts", "zone" */
};

MUST_CHECK int report_render(struct arena *arena, const struct report_request *request,
			     struct report *out, struct error *err);

/* The subject and the memo alone. */
MUST_CHECK int report_letter(struct arena *arena, const struct report_request *request,
			     struct report *out, struct error *err);

struct report_mail { /* what the message is made of, beside the settings          */
	struct slice token, message_id, subject, memo, csv;
	struct slices recipients;
	struct report_parts parts;
	int64_t made_at; /* Date:                                               */
	struct slice thread; /* Message-ID of the mail it follows; may be empty      */
	bool is_unattended; /* nobody read it before: it says so                    */
	bool sign; /* with settings->key or settings->certificate               */
};
MUST_CHECK int report_compose(struct arena *arena, const struct settings *settings,
			      const struct report_mail *mail, struct slice *message,
			      struct error *err);
/* The plus-address of a report, where replies to it go; empty where none is set. */
struct slice report_plus_address(struct arena *arena, const struct settings *settings,
				 struct slice token);

#endif
