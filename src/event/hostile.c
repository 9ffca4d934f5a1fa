#include "event/hostile.h"

#include "base/buffer.h"

struct hostile {
	const char *text;
	size_t len, times;
	enum hostile_kind kind;
};

enum { HOSTILE_MAX_BYTES = 32 * 1024 };

#define NAME(text)                                        \
	{                                                 \
		(text), sizeof(text) - 1, 1, HOSTILE_NAME \
	}
#define TEXT(text)                                        \
	{                                                 \
		(text), sizeof(text) - 1, 1, HOSTILE_TEXT \
	}
#define MANY(text, times)                                       \
	{                                                       \
		(text), sizeof(text) - 1, (times), HOSTILE_TEXT \
	}

static const struct hostile TABLE[] = {
	/* names, as people and programs have them or try them */
	NAME(""),
	NAME("root"),
	NAME("-"),
	NAME("anna maria"),
	NAME("o'brien"),
	NAME("anna@harbour-books.example"),
	NAME("HARBOUR\\anna"),
	NAME("j\xc3\xbcrgen"),
	NAME("\xe5\xbc\xa0\xe4\xbc\x9f"),
	NAME("latin\xfc"),
	NAME("a\"b"),
	NAME("a,b"),
	NAME("a;b"),
	NAME("a=b"),
	NAME("a:b"),
	NAME("a|b"),
	NAME("(a)"),
	NAME("[a]"),
	NAME("<a>"),
	NAME("{a}"),
	NAME("$(id)"),
	NAME("`id`"),
	NAME("' or '1'='1"),
	NAME("../../../etc/passwd"),
	NAME("%00%0a%n%s"),
	NAME("#!/bin/sh"),
	NAME("admin\\015\\012"),
	NAME("from"),
	NAME("user"),
	NAME("0"),

	/* blanks, control characters, escapes, lengths */
	TEXT(" "),
	TEXT("x "),
	TEXT(" x"),
	TEXT("\t"),
	TEXT("x\ty"),
	TEXT("x\ry"),
	TEXT("x\033[2Ky"),
	TEXT("x\x1cy\x1dz\x1ew\x1f"),
	TEXT("x\0y"),
	TEXT("x\xe2\x80\xa8y"),
	TEXT("x\xc2\xa0y\xc2\x85z"),
	TEXT("\xff\xfe"),
	TEXT("\\"),
	TEXT("\""),
	TEXT("\\\""),
	TEXT("'"),
	TEXT("]"),
	TEXT(">"),
	TEXT(")"),
	TEXT(": "),
	TEXT(" - "),
	MANY("A", 4000),
	MANY("a b ", 500),
	MANY("x from {} ", 100),
	MANY("x rhost={} ", 100),
	MANY("[{}] ", 100),
	MANY("\" ", 200),

	/* the address alone, in every dress */
	TEXT("{}"),
	TEXT(" {} "),
	TEXT("x {}"),
	TEXT("{} x"),
	TEXT("[{}]"),
	TEXT("x[{}]"),
	TEXT("x [{}]"),
	TEXT("x[{}]: "),
	TEXT("({})"),
	TEXT("x ({})"),
	TEXT("x ({}[{}])"),
	TEXT("<{}>"),
	TEXT("\"{}\""),
	TEXT("'{}'"),
	TEXT("x@{}"),
	TEXT("x'@'{}'"),
	TEXT("?@{}"),
	TEXT("{}:22"),
	TEXT("{}#53"),
	TEXT("{}/22"),
	TEXT("::ffff:{}"),
	TEXT("[IPv6:{}]"),
	TEXT("{}%eth0"),
	TEXT("http://{}/"),
	TEXT("sip:100@{}"),
	TEXT("x, {}"),
	TEXT("{}, x"),
	TEXT("x|{}|"),
	TEXT("%20from%20{}"),
	TEXT("x\\012{}"),
	TEXT("x#012{}"),

	/* pairs of a name and a value */
	TEXT("rhost={}"),
	TEXT("x rhost={}"),
	TEXT("x  user=root rhost={} "),
	TEXT("rip={}"),
	TEXT("x>, method=PLAIN, rip={}, lip={}, session=<a"),
	TEXT("x> rip={}, lip="),
	TEXT("ip={}"),
	TEXT("ip={}, x"),
	TEXT("IP: {}"),
	TEXT("IP={}"),
	TEXT("src={}"),
	TEXT("srcip={}"),
	TEXT("SRC={} DST=192.0.2.1 "),
	TEXT("SRC={}"),
	TEXT("host={}"),
	TEXT("peer={}"),
	TEXT("relay=[{}]"),
	TEXT("x, relay=x [{}]"),
	TEXT("client={}"),
	TEXT("client: {}"),
	TEXT("client: {}, server: x, request: \"GET / HTTP/1.1\", host: \"x\""),
	TEXT("client {}]"),
	TEXT("[client {}] "),
	TEXT("x] [client {}:1] y"),
	TEXT("remote: {}"),
	TEXT("remoteAddr={}"),
	TEXT("\"remoteAddr\":\"{}\""),
	TEXT("x\",\"remote_addr\":\"{}\",\"y\":\""),
	TEXT("[CLIENT: {}]"),
	TEXT("Client \"{}\""),
	TEXT("x@{}>"),

	/* ends and beginnings of lines */
	TEXT("root from {}"),
	TEXT("root from {} port 22"),
	TEXT("root from {} port 22 ssh2"),
	TEXT("root from {} port 22 ssh2 [preauth]"),
	TEXT("x from {} port 22: Too many authentication failures [preauth]"),
	TEXT("x {} port 22 [preauth]"),
	TEXT("x' from {}:5543"),
	TEXT("x' from {} port 22"),
	TEXT("x from {} not allowed because not listed in AllowUsers"),
	TEXT("x (using password: YES)'@'{}' (using password: YES)"),
	TEXT("x'@'{}' (using password: YES"),
	TEXT("x] FAIL LOGIN: Client \"{}\" [y"),
	TEXT("x ({}[{}]): USER y: no such user found from {} [{}] to 192.0.2.1:21"),
	TEXT("x[{}]: SASL LOGIN authentication failed: y"),
	TEXT("warning: x[{}]: SASL LOGIN authentication failed: y"),
	TEXT("NOQUEUE: reject: RCPT from x[{}]: 554 5.7.1 y"),
	TEXT("x[{}]: 554"),
	TEXT("x\" H=(y) [{}] \"z"),
	TEXT("x) [{}]: 535 Incorrect authentication data (set_id=y)"),
	TEXT("badlogin: x [{}] plaintext y SASL(-13): authentication failure"),
	TEXT("x' failed for '{}:5060' - Wrong password"),
	TEXT("user y not found: /"),
	TEXT("x\" 404 9 \"-\" \"y\" {} - - [20/Nov/2026:10:00:01 +0000] \"GET /.env"),
	TEXT("{} - - [20/Nov/2026:10:00:01 +0000] \"GET /wp-login.php HTTP/1.1\" 404 9 \"-\" \"x\""),
	TEXT("{} - - [x] \"GET /.env HTTP/1.1\" 404 9"),
	TEXT("login attempt failed from {}"),
	TEXT("Failed login attempt for x from {}"),
	TEXT("Login failed for x from {}"),
	TEXT("refused connect from {}"),
	TEXT("Ban {}"),

	/* whole lines */
	TEXT("Nov 20 10:00:01 web1 sshd[7]: Failed password for root from {} port 22 ssh2"),
	TEXT("x\\nNov 20 10:00:01 web1 sshd[7]: Invalid user x from {} port 22"),
	TEXT("x#012Nov 20 10:00:01 web1 sshd[7]: Invalid user x from {} port 22"),
	TEXT("<38>1 2026-11-20T10:00:01Z web1 sshd 7 - - Failed password for root from {} port 22 ssh2"),
	TEXT("2026-11-20T10:00:01+00:00 web1 postfix/smtpd[7]: warning: x[{}]: SASL LOGIN authentication failed: y"),
	TEXT("Nov 20 10:00:01 web1 dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<x>, method=PLAIN, rip={}, lip=192.0.2.1, session=<a>"),
	TEXT("Nov 20 10:00:01 web1 kernel: [1.0] DROP IN=eth0 OUT= MAC=aa SRC={} DST=192.0.2.1 LEN=40 TTL=1 ID=1 PROTO=TCP SPT=1 DPT=22 WINDOW=1 RES=0x00 SYN URGP=0 "),
	TEXT("Nov 20 10:00:01 web1 in.telnetd[7]: refused connect from {}"),
	TEXT("Fri Nov 20 10:00:01 2026 [pid 7] [x] FAIL LOGIN: Client \"{}\""),
	TEXT("[Fri Nov 20 10:00:01 2026] [error] [client {}] user x not found: /"),
	TEXT("2026/11/20 10:00:01 [error] 7#7: *1 user \"x\": password mismatch, client: {}, server: y, request: \"GET / HTTP/1.1\", host: \"y\""),
	TEXT("2026-11-20 10:00:01,123 fail2ban.actions [7]: NOTICE [sshd] Ban {}"),
};

size_t hostile_count(void)
{
	return COUNT_OF(TABLE);
}

enum hostile_kind hostile_kind(size_t index)
{
	return TABLE[index].kind;
}

struct slice hostile_text(struct arena *arena, size_t index, struct slice innocent)
{
	const struct hostile *row = &TABLE[index];
	struct slice text = { row->text, row->len };
	struct buffer out;
	struct slice made;

	buffer_init(&out, HOSTILE_MAX_BYTES);
	for (size_t i = 0; i < row->times; i++) {
		struct slice rest = text;
		ptrdiff_t at;

		while ((at = slice_find(rest, S("{}"))) >= 0) {
			buffer_add(&out, slice_cut(rest, 0, (size_t)at));
			buffer_add(&out, innocent);
			rest = slice_from(rest, (size_t)at + 2);
		}
		buffer_add(&out, rest);
	}
	made = arena_copy(arena, buffer_slice(&out));
	buffer_clear(&out);
	return made;
}
