/* Replies of the DNS, as untrusted as whoever owns the zone. c-ares takes them apart. */
#include "net/dns.h"

#include <ares.h>
#include <netdb.h>
#include <string.h>

void dns_pointers_read(struct arena *arena, struct slice packet, struct slices *out)
{
	static const uint8_t nobody[4];
	struct hostent *host = NULL;

	if (packet.len > 65535 ||
	    ares_parse_ptr_reply((const unsigned char *)packet.at, (int)packet.len,
				 nobody, sizeof nobody, AF_INET, &host) != ARES_SUCCESS)
		return;
	for (char **alias = host->h_aliases; *alias; alias++)
		if (host_name_valid(slice_of(*alias)) && out->count < DNS_ANSWERS_MAX)
			*LIST_ADD(arena, out) =
				host_name_canonical(arena, slice_of(*alias));
	ares_free_hostent(host);
}

void dns_texts_read(struct arena *arena, struct slice packet, struct slices *out)
{
	struct ares_txt_ext *parts = NULL;
	struct slice *text = NULL;

	if (packet.len > 65535 ||
	    ares_parse_txt_reply_ext((const unsigned char *)packet.at, (int)packet.len,
				     &parts) != ARES_SUCCESS)
		return;
	for (const struct ares_txt_ext *part = parts; part; part = part->next) {
		struct slice piece = { (const char *)part->txt, part->length };

		if (part->record_start) {
			if (out->count == DNS_ANSWERS_MAX)
				break;
			*LIST_ADD(arena, out) = (struct slice){ "", 0 };
			text = &out->at[out->count - 1];
		}
		if (text && text->len + piece.len <= DNS_TEXT_MAX)
			*text = arena_printf(arena, SLICE_FMT SLICE_FMT,
					     SLICE_ARG(*text), SLICE_ARG(piece));
	}
	ares_free_data(parts);
}

/* The root as the only server says that the domain takes no mail. */
void dns_exchanges_read(struct arena *arena, struct slice packet, struct slices *out,
			bool *no_mail)
{
	unsigned short best = 0;
	struct ares_mx_reply *rows = NULL;

	*no_mail = false;
	if (packet.len > 65535 ||
	    ares_parse_mx_reply((const unsigned char *)packet.at, (int)packet.len,
				&rows) != ARES_SUCCESS)
		return;
	*no_mail = rows && !rows->next && (!rows->host[0] || !strcmp(rows->host, "."));
	for (const struct ares_mx_reply *row = rows; row; row = row->next) {
		struct slice name = slice_of(row->host);

		if (!host_name_valid(name) || out->count == DNS_ANSWERS_MAX)
			continue;
		*LIST_ADD(arena, out) = host_name_canonical(arena, name);
		if (out->count == 1 || row->priority < best) {
			struct slice last = out->at[out->count - 1];

			best = row->priority;
			out->at[out->count - 1] = out->at[0];
			out->at[0] = last;
		}
	}
	ares_free_data(rows);
}
