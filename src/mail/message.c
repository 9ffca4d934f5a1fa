#include "mail/message.h"

#include "base/clock.h"
#include "base/cursor.h"
#include "base/digest.h"
#include "base/escape.h"
#include "mail/signature.h"

#include <gmime/gmime.h>
#include <pthread.h>

enum { LINE_7BIT_MAX = 900, ADDRESS_MAX = 254, BOUNDARY_CHARS = 24 };

static void library_start(void)
{
	g_mime_init();
}

/* A bare addr-spec that needs no quoting anywhere (RFC 5321 section 4.1.2). */
static int address_check(struct slice address, struct error *err)
{
	size_t ats = 0;

	for (size_t i = 0; i < address.len; i++) {
		unsigned char c = (unsigned char)address.at[i];

		ats += c == '@';
		if (c <= ' ' || c > '~' ||
		    slice_find_byte(S("<>()[],;:\\\""), (char)c) >= 0)
			goto refuse;
	}
	if (address.len <= ADDRESS_MAX && ats == 1 && address.at[0] != '-' &&
	    address.at[0] != '@' && address.at[address.len - 1] != '@')
		return 0;
refuse:
	return error_set(err, ERROR_SYNTAX,
			 "'" SLICE_FMT
			 "' is no mail address that can stand in a header "
			 "(RFC 5322 section 3.4.1)",
			 SLICE_ARG(address));
}

static int header_check(const char *name, struct slice text, struct error *err)
{
	if (escape_mail_header_check(text, err))
		return error_context(err, "%s", name);
	return 0;
}

static int id_check(struct slice id, struct error *err)
{
	bool good = id.len > 4 && id.at[0] == '<' && id.at[id.len - 1] == '>';

	for (size_t i = 1; good && i + 1 < id.len; i++)
		good = id.at[i] > ' ' && id.at[i] <= '~' && id.at[i] != '<' &&
		       id.at[i] != '>';
	if (good && slice_find_byte(id, '@') > 1)
		return 0;
	return error_set(err, ERROR_SYNTAX,
			 "'" SLICE_FMT "' is no message id (RFC 5322 section 3.6.4)",
			 SLICE_ARG(id));
}

static bool is_nested(struct slice type)
{
	return slice_starts(type, S("message/"));
}

/* RFC 2046 section 5.2: what is nested is not encoded once more. */
static int part_check(const struct message_part *part, struct error *err)
{
	if (header_check("an attachment's name", part->name, err))
		return -1;
	for (size_t i = 0; is_nested(part->type) && i < part->bytes.len; i++)
		if (part->bytes.at[i] != '\n' && !ascii_is_print(part->bytes.at[i]))
			return error_set(err, ERROR_SYNTAX,
					 "a " SLICE_FMT
					 " part holds more than lines of "
					 "printable ASCII",
					 SLICE_ARG(part->type));
	return 0;
}

static int ids_check(struct slice ids, struct error *err)
{
	struct slice id;

	while (ids.len && slice_next(&ids, ' ', &id))
		if (id_check(id, err) != 0)
			return -1;
	return 0;
}

static int message_check(const struct message *message, struct error *err)
{
	if (header_check("the sender's name", message->from_name, err) ||
	    header_check("the subject", message->subject, err) ||
	    id_check(message->message_id, err) || address_check(message->from, err) ||
	    ids_check(message->in_reply_to, err) ||
	    (message->reply_to.len && address_check(message->reply_to, err)))
		return -1;
	for (size_t i = 0; i < message->to.count; i++)
		if (address_check(message->to.at[i], err))
			return -1;
	for (size_t i = 0; i < message->part_count; i++)
		if (part_check(&message->parts[i], err))
			return -1;
	return 0;
}

/* "=_" stands in neither base64 nor quoted-printable text. */
static struct slice boundary_of(struct arena *arena, const struct message *message,
				struct slice role)
{
	struct slice parts[] = { role, message->message_id };
	struct sha256 digest = sha256_of_parts(parts, COUNT_OF(parts));
	char token[BOUNDARY_CHARS + 1];

	token_of(&digest, token, BOUNDARY_CHARS);
	return arena_printf(arena, "=_%s", token);
}

/* Whether text can go as it is: short ASCII lines, nothing that a transport or a
 * signature would stumble over (RFC 3156 section 3).                                  */
static bool is_plain(struct slice text)
{
	struct cursor cursor = cursor_of(text);
	struct slice line;

	while (cursor_line(&cursor, &line)) {
		if (line.len > LINE_7BIT_MAX || slice_starts(line, S("From ")) ||
		    slice_starts(line, S("--=_")) || slice_equal(line, S(".")) ||
		    slice_ends(line, S(" ")) || slice_ends(line, S("\t")))
			return false;
		for (size_t i = 0; i < line.len; i++)
			if (line.at[i] != '\t' && !ascii_is_print(line.at[i]))
				return false;
	}
	/* a lone CR is a line end to cursor_line, not to a mail reader */
	return slice_find_byte(text, '\r') < 0;
}

static GMimeStream *stream_of(struct slice bytes)
{
	return g_mime_stream_mem_new_with_buffer(bytes.at ? bytes.at : "", bytes.len);
}

/* `bytes` in quoted-printable, "From " as "=46rom ". */
static GMimeStream *quoted_stream(struct slice bytes)
{
	GMimeStream *memory = g_mime_stream_mem_new();
	GMimeStream *filtered = g_mime_stream_filter_new(memory);
	GMimeFilter *quote =
		g_mime_filter_basic_new(GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE, TRUE);
	GMimeFilter *from = g_mime_filter_from_new(GMIME_FILTER_FROM_MODE_ARMOR);

	g_mime_stream_filter_add(GMIME_STREAM_FILTER(filtered), quote);
	g_mime_stream_filter_add(GMIME_STREAM_FILTER(filtered), from);
	g_mime_stream_write(filtered, bytes.at ? bytes.at : "", bytes.len);
	g_mime_stream_flush(filtered);
	g_object_unref(quote);
	g_object_unref(from);
	g_object_unref(filtered);
	g_mime_stream_reset(memory);
	return memory;
}

/* The content stands encoded in the wrapper already, so that GMime copies it as is. */
static void content_set(GMimePart *part, GMimeStream *stream,
			GMimeContentEncoding encoding)
{
	GMimeDataWrapper *wrapper =
		g_mime_data_wrapper_new_with_stream(stream, encoding);

	g_mime_part_set_content(part, wrapper);
	g_object_unref(wrapper);
	g_object_unref(stream);
}

static void text_set(GMimePart *part, struct slice text)
{
	bool plain = is_plain(text);

	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset",
						 "utf-8");
	g_mime_part_set_content_encoding(
		part, plain ? GMIME_CONTENT_ENCODING_7BIT
			    : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	content_set(part, plain ? stream_of(text) : quoted_stream(text),
		    plain ? GMIME_CONTENT_ENCODING_7BIT
			  : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
}

static GMimePart *part_of(struct arena *arena, const struct message_part *given)
{
	struct slice rest = given->type, type, subtype;
	GMimePart *part;

	slice_next(&rest, '/', &type);
	subtype = rest;
	part = g_mime_part_new_with_type(arena_cstr(arena, type),
					 arena_cstr(arena, subtype));
	if (given->name.len) {
		g_mime_object_set_disposition(GMIME_OBJECT(part), "attachment");
		g_mime_part_set_filename(part, arena_cstr(arena, given->name));
	}
	if (is_nested(given->type)) {
		g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_7BIT);
		content_set(part, stream_of(given->bytes), GMIME_CONTENT_ENCODING_7BIT);
		return part;
	}
	if (slice_equal(type, S("text"))) {
		text_set(part, given->bytes);
		return part;
	}
	content_set(part, stream_of(given->bytes), GMIME_CONTENT_ENCODING_DEFAULT);
	g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
	return part;
}

static GMimeObject *body_of(struct arena *arena, const struct message *message)
{
	GMimePart *text = g_mime_part_new_with_type("text", "plain");
	GMimeMultipart *mixed;

	text_set(text, message->text);
	if (!message->part_count)
		return GMIME_OBJECT(text);
	mixed = g_mime_multipart_new_with_subtype(message->report_type ? "report"
								       : "mixed");
	if (message->report_type)
		g_mime_object_set_content_type_parameter(
			GMIME_OBJECT(mixed), "report-type", message->report_type);
	g_mime_multipart_set_boundary(
		mixed, arena_cstr(arena, boundary_of(arena, message, S("mixed"))));
	g_mime_multipart_add(mixed, GMIME_OBJECT(text));
	g_object_unref(text);
	for (size_t i = 0; i < message->part_count; i++) {
		GMimePart *part = part_of(arena, &message->parts[i]);

		g_mime_multipart_add(mixed, GMIME_OBJECT(part));
		g_object_unref(part);
	}
	return GMIME_OBJECT(mixed);
}

static struct slice object_bytes(struct arena *arena, GMimeObject *object)
{
	GMimeFormatOptions *options = g_mime_format_options_new();
	GMimeStream *memory = g_mime_stream_mem_new();
	GByteArray *bytes;
	struct slice copy;

	g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
	g_mime_object_write_to_stream(object, options, memory);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
	copy = arena_copy(arena, (struct slice){ (char *)bytes->data, bytes->len });
	g_object_unref(memory);
	g_mime_format_options_free(options);
	return copy;
}

/* What tells the two kinds of multipart/signed apart (RFC 3156, RFC 8551 3.5.3). */
static const struct signed_form {
	enum signature_kind kind;
	const char *subtype, *protocol, *name;
	GMimeContentEncoding given, written; /* as made; as it stands in the mail    */
} SIGNED_FORMS[] = {
	[SIGNATURE_PGP] = { SIGNATURE_PGP, "pgp-signature", "application/pgp-signature",
			    "signature.asc", GMIME_CONTENT_ENCODING_7BIT,
			    GMIME_CONTENT_ENCODING_7BIT },
	[SIGNATURE_SMIME] = { SIGNATURE_SMIME, "pkcs7-signature",
			      "application/pkcs7-signature", "smime.p7s",
			      GMIME_CONTENT_ENCODING_DEFAULT,
			      GMIME_CONTENT_ENCODING_BASE64 },
};

static GMimePart *signature_part(const struct signed_form *form,
				 const struct signature *signature)
{
	GMimePart *part = g_mime_part_new_with_type("application", form->subtype);

	g_mime_object_set_disposition(GMIME_OBJECT(part), "attachment");
	g_mime_part_set_filename(part, form->name);
	content_set(part, stream_of(signature->bytes), form->given);
	g_mime_part_set_content_encoding(part, form->written);
	return part;
}

/* RFC 1847: exactly two parts, the first as its bytes were signed. Takes the body, gives
 * the signed one; NULL and the body freed on failure.                                 */
static GMimeObject *body_sign(struct arena *arena, const struct message *message,
			      GMimeObject *body, struct error *err)
{
	struct slice bytes = object_bytes(arena, body);
	struct slice boundary = boundary_of(arena, message, S("signed"));
	const struct signed_form *form =
		&SIGNED_FORMS[message->key.len ? SIGNATURE_PGP : SIGNATURE_SMIME];
	struct slice key = message->key.len ? message->key : message->certificate;
	struct signature signature;
	GMimeMultipart *both;
	GMimePart *part;

	if (signature_make(arena, form->kind, key, bytes, &signature, err)) {
		g_object_unref(body);
		return NULL;
	}
	both = g_mime_multipart_new_with_subtype("signed");
	g_mime_multipart_set_boundary(both, arena_cstr(arena, boundary));
	g_mime_object_set_content_type_parameter(GMIME_OBJECT(both), "micalg",
						 arena_cstr(arena, signature.micalg));
	g_mime_object_set_content_type_parameter(GMIME_OBJECT(both), "protocol",
						 form->protocol);
	part = signature_part(form, &signature);
	g_mime_multipart_add(both, body);
	g_mime_multipart_add(both, GMIME_OBJECT(part));
	g_object_unref(part);
	g_object_unref(body);
	return GMIME_OBJECT(both);
}

static void mailbox_add(struct arena *arena, GMimeMessage *out, GMimeAddressType type,
			struct slice name, struct slice address)
{
	InternetAddress *mailbox = internet_address_mailbox_new(
		name.len ? arena_cstr(arena, name) : NULL, arena_cstr(arena, address));

	internet_address_set_charset(mailbox, "utf-8");
	internet_address_list_add(g_mime_message_get_addresses(out, type), mailbox);
	g_object_unref(mailbox);
}

static void headers_set(struct arena *arena, const struct message *message,
			GMimeMessage *out)
{
	GDateTime *date = g_date_time_new_from_unix_utc(message->date / SECOND_US);
	struct slice id =
		slice_cut(message->message_id, 1, message->message_id.len - 1);

	mailbox_add(arena, out, GMIME_ADDRESS_TYPE_FROM, message->from_name,
		    message->from);
	for (size_t i = 0; i < message->to.count; i++)
		mailbox_add(arena, out, GMIME_ADDRESS_TYPE_TO, S(""),
			    message->to.at[i]);
	if (message->reply_to.len)
		mailbox_add(arena, out, GMIME_ADDRESS_TYPE_REPLY_TO, S(""),
			    message->reply_to);
	g_mime_message_set_subject(out, arena_cstr(arena, message->subject), "utf-8");
	g_mime_message_set_date(out, date);
	g_mime_message_set_message_id(out, arena_cstr(arena, id));
	if (message->in_reply_to.len) {
		ptrdiff_t last = slice_find_last_byte(message->in_reply_to, ' ');
		struct slice parent =
			slice_from(message->in_reply_to, (size_t)(last + 1));

		g_mime_object_set_header(GMIME_OBJECT(out), "In-Reply-To",
					 arena_cstr(arena, parent), NULL);
		g_mime_object_set_header(GMIME_OBJECT(out), "References",
					 arena_cstr(arena, message->in_reply_to), NULL);
	}
	if (message->is_automatic)
		g_mime_object_set_header(GMIME_OBJECT(out), "Auto-Submitted",
					 "auto-generated", NULL);
	if (message->header.name)
		g_mime_object_set_header(GMIME_OBJECT(out), message->header.name,
					 message->header.value, NULL);
	g_date_time_unref(date);
}

int message_compose(struct arena *arena, const struct message *message,
		    struct slice *bytes, struct error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	GMimeMessage *out;
	GMimeObject *body;

	if (message_check(message, err))
		return -1;
	pthread_once(&once, library_start);
	body = body_of(arena, message);
	if (message->key.len || message->certificate.len) {
		body = body_sign(arena, message, body, err);
		if (!body)
			return -1;
	}
	out = g_mime_message_new(FALSE);
	headers_set(arena, message, out);
	g_mime_message_set_mime_part(out, body);
	g_object_unref(body);
	*bytes = object_bytes(arena, GMIME_OBJECT(out));
	g_object_unref(out);
	return 0;
}
