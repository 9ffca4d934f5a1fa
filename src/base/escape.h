/* base/escape.h - bytes that others chose leave only through the escaper of their sink.
 *
 * All read any bytes and write valid UTF-8.
 *
 * terminal     controls (C0, DEL, C1), invalid UTF-8 and the characters that reorder or
 *              hide text (bidi controls, zero width, line separators) become \xHH or
 *              \u{HHHH}; a newline is such a control too.
 * mail_body    as terminal, for one line of a text/plain body; a tab becomes a blank.
 * csv          one field by RFC 4180, quoted when needed; as terminal inside; a leading
 *              = + - @ or tab is preceded by ' (spreadsheets run such cells).
 * xml          text of an element or of an attribute in quotes (XML 1.0 section 2.2 and
 *              2.4); as mail_body inside, and what XML forbids as \u{HHHH}.
 * mail_header  unstructured header text: any CR, LF, NUL or other control is a refusal,
 *              not an escape (-1, err ERROR_SYNTAX). The text itself is checked only;
 *              encoding by RFC 2047 is GMime's.                                       */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/buffer.h"
#include "base/error.h"

void escape_terminal(struct buffer *out, struct slice text);
/* Whether that changes anything: text is mostly plain. */
bool escape_is_needed(struct slice text);
void escape_mail_body(struct buffer *out, struct slice text);
void escape_csv(struct buffer *out, struct slice field);
void escape_xml(struct buffer *out, struct slice text);
MUST_CHECK int escape_mail_header_check(struct slice text, struct error *err);

/* One UTF-8 character at the front of `text`: its code point and length, or -1 and
 * length 1 for a byte that begins no valid sequence (RFC 3629). `text` is not empty. */
int32_t utf8_decode(struct slice text, size_t *len);
void utf8_encode(struct buffer *out, uint32_t code);
/* Whether `text` is UTF-8 without a NUL byte. Quick where it is ASCII. */
bool utf8_is_text(struct slice text);
/* Controls, and what moves, hides or breaks the text beside it: bidi controls, zero width
 * characters, line separators, tags.                                                    */
bool unicode_is_treacherous(uint32_t code);

#endif
