/* read_mail < MAIL - what GMime's parser finds in a mail, for tests/system/delivery_mail.py:
 * one line each, the type, the length and the SHA-256 of the decoded bytes of every part that
 * is no multipart, in order; then "To:" and the addresses, "Subject:" and the text.
 * Not a test itself.                                                                     */
#include "base/digest.h"

/* GLib's inline functions pass formats on. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#include <gmime/gmime.h>
#pragma GCC diagnostic pop
#include <stdio.h>
#include <unistd.h>

static void part_print(GMimeObject *parent, GMimeObject *object, gpointer unused)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	char *name = g_mime_content_type_get_mime_type(type);
	GMimeStream *decoded = g_mime_stream_mem_new();
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(decoded));

	(void)parent;
	(void)unused;
	if (GMIME_IS_PART(object)) {
		GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(object));
		struct sha256 digest;
		struct hex hex;

		g_mime_data_wrapper_write_to_stream(content, decoded);
		digest = sha256_of((struct slice){ (char *)bytes->data, bytes->len });
		hex = hex_of(sha256_slice(&digest));
		printf("%s %u %s\n", name, bytes->len, hex.text);
	}
	g_object_unref(decoded);
	g_free(name);
}

int main(void)
{
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;
	char *to;

	g_mime_init();
	stream = g_mime_stream_pipe_new(STDIN_FILENO);
	parser = g_mime_parser_new_with_stream(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(stream);
	g_object_unref(parser);
	if (!message)
		return 1;
	g_mime_message_foreach(message, part_print, NULL);
	to = internet_address_list_to_string(g_mime_message_get_to(message), NULL,
					     FALSE);
	printf("To: %s\nSubject: %s\n", to ? to : "",
	       g_mime_message_get_subject(message));
	g_free(to);
	g_object_unref(message);
	g_mime_shutdown();
	return 0;
}
