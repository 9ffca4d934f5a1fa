#include "check.h"
#include "base/clock.h"
#include "mail/encoded.h"
#include "mail/header.h"
#include "mail/hop.h"
#include "mail/origin.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- one Received field ---- */

#define BY " by mx.books.example with ESMTP id 1; Fri, 20 Nov 2026 21:14:07 -0500"

static const struct {
	const char *field;
	enum hop_shape shape;
	const char *peer, *by;
} HOPS[] = {
	/* as they are written by */
	/* Postfix */
	{ "from mail.x.example (vps77.northwind.example [203.0.113.77])" BY, HOP_PEER,
	  "203.0.113.77", "mx.books.example" },
	{ "from mail.x.example (unknown [203.0.113.77]) (using TLSv1.3 with cipher "
	  "TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519) (No client certificate "
	  "requested) by mx.books.example (Postfix) with ESMTPS id 3F1A for "
	  "<maria@books.example>; Fri, 20 Nov 2026 21:14:07 -0500 (EST)",
	  HOP_PEER, "203.0.113.77", "mx.books.example" },
	{ "from x (unknown [IPv6:2001:db8:7:1::77])" BY, HOP_PEER, "2001:db8:7:1::77",
	  "mx.books.example" },
	/* Exim */
	{ "from vps77.northwind.example ([203.0.113.77] helo=mail.x.example)" BY,
	  HOP_PEER, "203.0.113.77", "mx.books.example" },
	{ "from [203.0.113.77] (helo=mail.x.example)" BY, HOP_PEER, "203.0.113.77",
	  "mx.books.example" },
	{ "from [203.0.113.77]:4711 (helo=x)" BY, HOP_PEER, "203.0.113.77",
	  "mx.books.example" },
	{ "from x ([203.0.113.77]:4711 helo=[198.51.100.66] ident=joe)" BY, HOP_PEER,
	  "203.0.113.77", "mx.books.example" },
	{ "from x ([203.0.113.77])" BY, HOP_PEER, "203.0.113.77", "mx.books.example" },
	/* Sendmail, qmail, Microsoft */
	{ "from x (y.example [203.0.113.77] (may be forged))" BY, HOP_PEER,
	  "203.0.113.77", "mx.books.example" },
	{ "from unknown (HELO mail.x.example) (203.0.113.77)" BY, HOP_PEER,
	  "203.0.113.77", "mx.books.example" },
	{ "from unknown (HELO 198.51.100.66) (joe@203.0.113.77)" BY, HOP_PEER,
	  "203.0.113.77", "mx.books.example" },
	{ "from x (203.0.113.77) by mx.books.example. (192.0.2.1) with Microsoft SMTP "
	  "Server id 15; Fri, 20 Nov 2026 21:14:07 -0500",
	  HOP_PEER, "203.0.113.77", "mx.books.example" },
	/* the sender's own words are no address */
	{ "from [198.51.100.66] (unknown [203.0.113.77])" BY, HOP_PEER, "203.0.113.77",
	  "mx.books.example" },
	{ "from [198.51.100.66] (helo.example [203.0.113.77])" BY, HOP_PEER,
	  "203.0.113.77", "mx.books.example" },
	{ "from [198.51.100.66]" BY, HOP_NO_PEER, "", "mx.books.example" },
	{ "from 198.51.100.66" BY, HOP_NO_PEER, "", "mx.books.example" },
	{ "from vps77.northwind.example (198.51.100.66)" BY, HOP_UNCLEAR, "",
	  "mx.books.example" },
	{ "from x (y [198.51.100.66] z [203.0.113.77])" BY, HOP_UNCLEAR, "",
	  "mx.books.example" },
	{ "from x ([198.51.100.66] y [203.0.113.77])" BY, HOP_UNCLEAR, "",
	  "mx.books.example" },
	{ "from x ([198.51.100.66]) by mx.books.example with SMTP (y [203.0.113.77])" BY,
	  HOP_UNCLEAR, "", "mx.books.example" },
	{ "from x ([198.51.100.66]) by mx.books.example from y ([203.0.113.77])" BY,
	  HOP_UNCLEAR, "", "mx.books.example" },
	{ "from x (y\\) [203.0.113.77])" BY, HOP_UNCLEAR, "", "" },
	{ "from x (y [203.0.113.77]" BY, HOP_UNCLEAR, "", "" },
	{ "from x y (z [203.0.113.77])" BY, HOP_UNCLEAR, "", "" },
	{ "from x ((((((([203.0.113.77])))))))" BY, HOP_UNCLEAR, "", "" },
	{ "from x (y [203.0.113.777])" BY, HOP_UNCLEAR, "", "mx.books.example" },
	{ "from x (helo=y)" BY, HOP_UNCLEAR, "", "mx.books.example" },
	{ "from [203.0.113.77] (helo=y z)" BY, HOP_UNCLEAR, "", "mx.books.example" },
	{ "by mx.books.example (Postfix, from userid 1000) id 1; Fri, 20 Nov 2026 21:14:07 "
	  "-0500",
	  HOP_LOCAL, "", "mx.books.example" },
	{ "from x (y [203.0.113.77])", HOP_UNCLEAR, "", "" },
	{ "", HOP_UNCLEAR, "", "" },
	{ "from", HOP_UNCLEAR, "", "" },
	{ "by ", HOP_UNCLEAR, "", "" },
};

/* At the very end of memory of its own, so that a byte too far is seen. */
static void hop_row(size_t i, size_t len)
{
	char *copy = malloc(len + 1);
	struct hop hop;

	memcpy(copy + 1, HOPS[i].field, len);
	hop_read((struct slice){ copy + 1, len }, &hop);
	if (len == strlen(HOPS[i].field)) {
		const char *peer =
			hop.shape == HOP_PEER ? address_format(&hop.peer).text : "";

		if (!CHECK_INT(hop.shape, HOPS[i].shape) ||
		    !CHECK_SLICE(slice_of(peer), slice_of(HOPS[i].peer)) ||
		    !CHECK_SLICE(hop.by, slice_of(HOPS[i].by)))
			printf("# row %zu: %s\n", i, HOPS[i].field);
	} else if (hop.shape == HOP_PEER && hop.is_dated) {
		/* cut off in the zone's comment at most: never another peer */
		CHECK_SLICE(slice_of(address_format(&hop.peer).text),
			    slice_of(HOPS[i].peer));
	}
	free(copy);
}

static void what_a_hop_says(void)
{
	for (size_t i = 0; i < COUNT_OF(HOPS); i++)
		for (size_t len = 0; len <= strlen(HOPS[i].field); len++)
			hop_row(i, len);
}

static void dates(void)
{
	static const struct {
		const char *text, *utc;
	} rows[] = {
		{ "Fri, 20 Nov 2026 21:14:07 -0500", "2026-11-21T02:14:07Z" },
		{ "20 Nov 2026 21:14:07 -0500 (EST)", "2026-11-21T02:14:07Z" },
		{ " 1 Jan 2026 00:00 +0130", "2025-12-31T22:30:00Z" },
		{ "Fri, 20 Nov 2026 21:14:07 GMT", "2026-11-20T21:14:07Z" },
		{ "Fri, 20 Nov 2026 21:14:60 EST", "2026-11-21T02:14:59Z" },
		{ "Fri, 20 Nov 2026 21:14:07", "" },
		{ "Fri, 20 Nov 2026 21:14:07 +9", "" },
		{ "Fri, 20 Nov 2026 21:14:07 +0060", "" },
		{ "Fri, 20 Nov 2026 21:14:07 MARS", "" },
		{ "Fri, 31 Feb 2026 21:14:07 +0000", "" },
		{ "Fri, 20 Now 2026 21:14:07 +0000", "" },
		{ "Fri, 20 Nov 26 21:14:07 +0000", "" },
		{ "Fri, 20 Nov 2026 24:14:07 +0000", "" },
		{ "Fri, 20 Nov 2026 21:14:07 +0000 x", "" },
		{ "", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t at;
		int failed = hop_date(slice_of(rows[i].text), &at);

		if (failed) {
			if (!CHECK_INT(rows[i].utc[0], 0))
				printf("# row %zu\n", i);
			continue;
		}
		CHECK_SLICE(slice_of(time_format(at, TIME_RFC3339).text),
			    slice_of(rows[i].utc));
	}
}

/* ---- the way down ---- */

#define DATE "; Fri, 20 Nov 2026 21:14:07 -0500\r\n"
#define TRUE_HOP \
	"Received: from x (y.example [203.0.113.77])\r\n\tby mx.books.example with ESMTP" DATE
#define FORGED \
	"Received: from bank (bank.example [198.51.100.66]) by mx.books.example with ESMTP" DATE
#define INNER \
	"Received: from mx.books.example (mx [192.0.2.25]) by in.books.example with SMTP" DATE
#define LMTP "Received: from mx.books.example by in.books.example with LMTP id 1" DATE
#define END \
	"From: a@b.example\r\n\r\nReceived: from z ([198.51.100.66]) by mx.books.example" DATE

static const struct {
	const char *mail, *peer, *why;
	size_t depth;
} WAYS[] = {
	{ TRUE_HOP END, "203.0.113.77", "", 0 },
	{ TRUE_HOP FORGED END, "203.0.113.77", "", 0 },
	{ INNER TRUE_HOP FORGED END, "203.0.113.77", "", 1 },
	{ LMTP TRUE_HOP FORGED END, "203.0.113.77", "", 1 },
	{ LMTP INNER TRUE_HOP END, "203.0.113.77", "", 2 },
	{ "Return-Path: <a@b.example>\r\nDelivered-To: m\r\n" LMTP TRUE_HOP END,
	  "203.0.113.77", "", 1 },
	{ "From a@b.example Fri Nov 20 21:14:07 2026\n" TRUE_HOP END, "203.0.113.77",
	  "", 0 },
	{ "received:\n from x (y [203.0.113.77])\n by MX.Books.Example\n with SMTP" DATE,
	  "203.0.113.77", "", 0 },
	{ "Received: from x (y [203.0.113.77]) by a.cloud.example with SMTP" DATE,
	  "203.0.113.77", "", 0 },
	/* nobody */
	{ "", "", "no Received line", 0 },
	{ END, "", "no Received line", 0 },
	{ "\r\n" TRUE_HOP END, "", "no Received line", 0 },
	{ "Received: from x (y [203.0.113.77]) by mx.evil.example with SMTP" DATE
		  TRUE_HOP,
	  "", "anybody may have written it", 0 },
	{ "Received: from x (y [203.0.113.77]) by cloud.example with SMTP" DATE, "",
	  "anybody may have written it", 0 },
	{ "Received: from x (y [203.0.113.77]) by evilcloud.example with SMTP" DATE, "",
	  "anybody may have written it", 0 },
	{ INNER "Received: from x ([198.51.100.66]) by mx.evil.example with SMTP" DATE,
	  "", "the next Received line is of 'mx.evil.example'", 0 },
	/* what came in over loopback or a container's bridge is no relay of yours */
	{ "Received: from x (localhost [127.0.0.1]) by mx.books.example with SMTP" DATE
		  FORGED,
	  "127.0.0.1", "", 0 },
	{ "Received: from x (bridge [172.17.0.1]) by mx.books.example with SMTP" DATE
		  FORGED,
	  "172.17.0.1", "", 0 },
	{ "Received: by mx.books.example (Postfix, from userid 33) id 1" DATE FORGED,
	  "", "handed in on 'mx.books.example' itself", 0 },
	{ "Received: from evil by mx.books.example with SMTP id 1" DATE FORGED, "",
	  "names no address", 0 },
	{ "Received: from evil by mx.books.example with LMTP id 1" DATE FORGED, "",
	  "names no address", 0 },
	{ "Received: from x (y [203.0.113.77]) by mx.books.example with SMTP; yesterday\n",
	  "", "has no date", 0 },
	{ "Received: from x (y [1.2.3.4] z [203.0.113.77]) by mx.books.example with X" DATE
		  TRUE_HOP,
	  "", "does not say in a place of its server's own", 0 },
	{ INNER INNER, "", "nobody who handed it to them", 0 },
	{ "Received: nonsense\n" TRUE_HOP, "", "does not say", 0 },
};

static void ways(void)
{
	struct slice rows[] = { S("mx.books.example"), S("in.books.example"),
				S("192.0.2.0/24"), S(".cloud.example") };
	struct slices relays = { rows, COUNT_OF(rows), COUNT_OF(rows) };

	for (size_t i = 0; i < COUNT_OF(WAYS); i++) {
		struct arena *arena = arena_new();
		struct error err = { .kind = ERROR_NONE };
		struct origin origin;
		int failed = origin_find(arena, &relays, slice_of(WAYS[i].mail),
					 &origin, &err);
		bool right = CHECK_INT(failed != 0, WAYS[i].why[0] != 0);

		if (right && failed)
			right = CHECK(strstr(err.text, WAYS[i].why) != NULL);
		else if (right)
			right = CHECK_SLICE(
					slice_of(address_format(&origin.hop.peer).text),
					slice_of(WAYS[i].peer)) &&
				CHECK_INT(origin.depth, WAYS[i].depth) &&
				CHECK_INT(slice_find_byte(origin.line, '\n'), -1);
		if (!right)
			printf("# row %zu: %s\n", i, err.text);
		arena_free(arena);
	}
}

static void relays_are_checked(void)
{
	static const struct {
		const char *relay, *why;
	} rows[] = {
		{ NULL, "[mail] relays is empty" },
		{ "192.0.2.300", "'192.0.2.300'" },
		{ "192.0.2.0/33", "'192.0.2.0/33'" },
		{ "2001:db8::/200", "'2001:db8::/200'" },
		{ "mx.books.example", "" },
		{ "2001:db8::/32", "the topmost" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct slice relay = slice_of(rows[i].relay);
		struct slices relays = { &relay, relay.at ? 1 : 0, 1 };
		struct error err = { .kind = ERROR_NONE };
		struct origin origin;
		int failed = origin_find(arena, &relays, S(TRUE_HOP), &origin, &err);

		if (!CHECK_INT(failed != 0, rows[i].why[0] != 0) ||
		    (failed && !CHECK(strstr(err.text, rows[i].why) != NULL)))
			printf("# row %zu: %s\n", i, err.text);
		arena_free(arena);
	}
}

/* ---- fields and encoded words ---- */

static void fields(void)
{
	struct slice rest =
		S("From x Y: z\nA: 1\r\n 2\r\n\t 3  \r\nB:\r\nno field\n C : 4\n"
		  "\nD: 5\n");
	static const char *const want[][2] = { { "", "From x Y: z" },
					       { "A", "1 2 3" },
					       { "B", "" },
					       { "", "no field C : 4" } };
	struct arena *arena = arena_new();
	struct header_field field;
	size_t count = 0;

	while (header_next(arena, &rest, &field) && count < COUNT_OF(want)) {
		CHECK_SLICE(field.name, slice_of(want[count][0]));
		CHECK_SLICE(field.value, slice_of(want[count][1]));
		count++;
	}
	CHECK_INT(count, COUNT_OF(want));
	arena_free(arena);
}

/* Thirty thousand folds cost what they are long, and a field is cut off. */
static void many_folds(void)
{
	size_t len = HEADER_MAX;
	char *text = malloc(len);
	struct arena *arena = arena_new();
	struct slice rest = { text, len };
	struct header_field field;

	for (size_t i = 0; i < len; i++)
		text[i] = "A:\n "[i % 4];
	text[0] = 'A';
	text[1] = ':';
	while (header_next(arena, &rest, &field))
		CHECK(field.value.len <= HEADER_FIELD_MAX);
	CHECK(arena_size_bytes(arena) < 4 << 20);
	arena_free(arena);
	free(text);
}

static void encoded_words(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "plain", "plain" },
		{ "=?utf-8?q?Gr=C3=BCn?= x", "Gr\303\274n x" },
		{ "a =?UTF-8?B?bWFyaWE=?= =?UTF-8?B?QGI=?= b", "a maria@b b" },
		{ "=?iso-8859-1?Q?Gr=FCn_x?=", "Gr\303\274n x" },
		{ "=?utf-8*en?q?x?=", "x" },
		{ "=?koi8-r?b?bWFyaWE=?=", "[text in koi8-r]" },
		{ "=?utf-8?b?bWFy?a?=", "[text]" },
		{ "=?utf-8?b?bWFyaW?=", "[text]" },
		{ "=?utf-8?q?=4?=", "[text]" },
		{ "=?utf-8?x?maria?=", "[text]" },
		{ "=?utf-8?q?a b?=", "=?utf-8?q?a b?=" },
		{ "=?utf-8?q?", "=?utf-8?q?" },
		{ "=?", "=?" },
		{ "=?=?utf-8?q?x?=", "=?x" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();

		if (!CHECK_SLICE(encoded_decode(arena, slice_of(rows[i].text)),
				 slice_of(rows[i].want)))
			printf("# row %zu\n", i);
		arena_free(arena);
	}
}

int main(void)
{
	return CHECK_RUN(TEST(what_a_hop_says), TEST(dates), TEST(ways),
			 TEST(relays_are_checked), TEST(fields), TEST(many_folds),
			 TEST(encoded_words));
}
