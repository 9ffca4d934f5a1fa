#include "net/dns.h"

#include "net/socket_address.h"

#include <ares.h>
#include <ares_nameser.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRY_MS = 600, TRIES = 2 };

struct socket_watch {
	struct socket_watch *next;
	struct dns *dns;
	int fd;
	struct loop_watch *watch;
};

struct dns {
	struct loop *loop;
	const struct hosts *hosts;
	ares_channel channel;
	struct loop_timer *timer;
	struct socket_watch *sockets;
};

struct question {
	struct dns *dns;
	dns_answered *answered; /* NULL once it was called */
	void *context;
	struct loop_timer *deadline;
};

/* c-ares tells its next deadline only when asked; asked after everything it does. */
static void timer_renew(struct dns *dns)
{
	struct timeval left, *next = ares_timeout(dns->channel, NULL, &left);

	if (next)
		loop_timer_start(dns->timer,
				 next->tv_sec * 1000 + next->tv_usec / 1000 + 1);
	else
		loop_timer_stop(dns->timer);
}

static void timer_expired(void *context)
{
	struct dns *dns = context;

	ares_process_fd(dns->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	timer_renew(dns);
}

static void socket_ready(void *context, int events)
{
	struct socket_watch *socket = context;
	struct dns *dns = socket->dns;
	int fd = socket->fd; /* the watch may be gone after the call */

	ares_process_fd(dns->channel, events & LOOP_READ ? fd : ARES_SOCKET_BAD,
			events & LOOP_WRITE ? fd : ARES_SOCKET_BAD);
	timer_renew(dns);
}

static struct socket_watch **socket_find(struct dns *dns, int fd)
{
	struct socket_watch **at = &dns->sockets;

	while (*at && (*at)->fd != fd)
		at = &(*at)->next;
	return at;
}

static void socket_forget(struct socket_watch **at)
{
	struct socket_watch *socket = *at;

	*at = socket->next;
	loop_watch_free(socket->watch);
	free(socket);
}

/* A socket that cannot be watched is never ready: its question ends by its deadline. */
static void socket_changed(void *context, int fd, int readable, int writable)
{
	struct dns *dns = context;
	struct socket_watch **at = socket_find(dns, fd), *socket = *at;
	struct error ignored;

	if (!readable && !writable) {
		if (socket)
			socket_forget(at);
		return;
	}
	if (!socket) {
		socket = calloc(1, sizeof *socket);
		if (!socket)
			return;
		*socket = (struct socket_watch){ dns->sockets, dns, fd, NULL };
		socket->watch =
			loop_watch_new(dns->loop, fd, socket_ready, socket, &ignored);
		dns->sockets = socket;
	}
	if (socket->watch &&
	    loop_watch_set(socket->watch,
			   (readable ? LOOP_READ : 0) | (writable ? LOOP_WRITE : 0),
			   &ignored) != 0) {
		loop_watch_free(socket->watch);
		socket->watch = NULL;
	}
}

static int server_set(struct dns *dns, struct slice server, struct error *err)
{
	char text[128];

	if (server.len == 0)
		return 0;
	snprintf(text, sizeof text, SLICE_FMT, SLICE_ARG(server));
	if (server.len >= sizeof text ||
	    ares_set_servers_ports_csv(dns->channel, text) != ARES_SUCCESS)
		return error_set(err, ERROR_CONFIG,
				 "dns = '" SLICE_FMT
				 "' is no resolver; write ADDRESS:PORT",
				 SLICE_ARG(server));
	return 0;
}

static int channel_open(struct dns *dns, struct error *err)
{
	char lookups[] = "b"; /* the DNS alone, not /etc/hosts */
	struct ares_options options = {
		.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
		.timeout = TRY_MS,
		.tries = TRIES,
		.lookups = lookups,
		.sock_state_cb = socket_changed,
		.sock_state_cb_data = dns,
	};
	int status =
		ares_init_options(&dns->channel, &options,
				  ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
					  ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB);

	if (status != ARES_SUCCESS)
		return error_set(err, ERROR_CONFIG, "cannot use the resolver: %s",
				 ares_strerror(status));
	return 0;
}

struct dns *dns_new(struct loop *loop, struct slice server, const struct hosts *hosts,
		    struct error *err)
{
	struct dns *dns = calloc(1, sizeof *dns);

	if (!dns || ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
		free(dns);
		error_set(err, ERROR_LIMIT, "no memory for the resolver");
		return NULL;
	}
	dns->loop = loop;
	dns->hosts = hosts;
	if (channel_open(dns, err) != 0)
		goto free_library;
	if (server_set(dns, server, err) != 0)
		goto destroy_channel;
	dns->timer = loop_timer_new(loop, timer_expired, dns);
	return dns;

destroy_channel:
	ares_destroy(dns->channel);
free_library:
	ares_library_cleanup();
	free(dns);
	return NULL;
}

void dns_free(struct dns *dns)
{
	if (!dns)
		return;
	ares_destroy(dns->channel); /* answers what is open: failed */
	while (dns->sockets)
		socket_forget(&dns->sockets);
	loop_timer_free(dns->timer);
	ares_library_cleanup();
	free(dns);
}

static void question_answer(struct question *question, const struct dns_answer *answer)
{
	dns_answered *answered = question->answered;

	question->answered = NULL;
	loop_timer_stop(question->deadline);
	if (answered)
		answered(question->context, answer);
}

static void question_expired(void *context)
{
	struct dns_answer late = { .outcome = DNS_FAILED,
				   .problem = "no answer in time" };

	question_answer(context, &late);
}

static struct question *question_new(struct dns *dns, dns_answered *answered,
				     void *context)
{
	struct question *question = calloc(1, sizeof *question);

	if (!question)
		abort();
	*question = (struct question){ dns, answered, context, NULL };
	question->deadline = loop_timer_new(dns->loop, question_expired, question);
	loop_timer_start(question->deadline, DNS_DEADLINE_MS);
	return question;
}

static void question_free(struct question *question)
{
	loop_timer_free(question->deadline);
	free(question);
}

static struct dns_answer failure(int status)
{
	if (status == ARES_ENOTFOUND || status == ARES_ENODATA ||
	    status == ARES_EBADNAME)
		return (struct dns_answer){ .outcome = DNS_ABSENT };
	return (struct dns_answer){ .outcome = DNS_FAILED,
				    .problem = ares_strerror(status) };
}

static void addresses_answered(void *context, int status, int timeouts,
			       struct ares_addrinfo *result)
{
	struct question *question = context;
	struct dns_answer answer = failure(status);
	struct arena *arena = arena_new();
	struct address address;

	(void)timeouts;
	for (struct ares_addrinfo_node *node = result ? result->nodes : NULL; node;
	     node = node->ai_next)
		if (answer.addresses.count < DNS_ANSWERS_MAX &&
		    socket_address_read(node->ai_addr, &address))
			*LIST_ADD(arena, &answer.addresses) = address;
	if (answer.addresses.count)
		answer.outcome = DNS_FOUND;
	else if (status == ARES_SUCCESS)
		answer.outcome = DNS_ABSENT;
	question_answer(question, &answer);
	if (result)
		ares_freeaddrinfo(result);
	arena_free(arena);
	question_free(question);
}

static void table_addresses(const struct hosts *hosts, struct slice name,
			    dns_answered *answered, void *context)
{
	struct arena *arena = arena_new();
	struct dns_answer answer = { .outcome = DNS_ABSENT };

	hosts_addresses(hosts, arena, name, &answer.addresses);
	if (answer.addresses.count)
		answer.outcome = DNS_FOUND;
	answered(context, &answer);
	arena_free(arena);
}

void dns_addresses(struct dns *dns, struct slice name, dns_answered *answered,
		   void *context)
{
	struct ares_addrinfo_hints hints = { .ai_flags = ARES_AI_NOSORT,
					     .ai_family = AF_UNSPEC,
					     .ai_socktype = SOCK_STREAM };
	struct dns_answer refused = { .outcome = DNS_ABSENT };
	char text[256];

	if (!host_name_valid(name)) {
		answered(context, &refused);
		return;
	}
	if (dns->hosts) {
		table_addresses(dns->hosts, name, answered, context);
		return;
	}
	snprintf(text, sizeof text, SLICE_FMT, SLICE_ARG(name));
	ares_getaddrinfo(dns->channel, text, NULL, &hints, addresses_answered,
			 question_new(dns, answered, context));
	timer_renew(dns);
}

static void names_answered(void *context, int status, int timeouts,
			   unsigned char *packet, int len)
{
	struct question *question = context;
	struct dns_answer answer = failure(status);
	struct arena *arena = arena_new();

	(void)timeouts;
	if (status == ARES_SUCCESS && len > 0)
		dns_pointers_read(arena,
				  (struct slice){ (const char *)packet, (size_t)len },
				  &answer.names);
	if (answer.names.count)
		answer.outcome = DNS_FOUND;
	else if (status == ARES_SUCCESS)
		answer.outcome = DNS_ABSENT;
	question_answer(question, &answer);
	arena_free(arena);
	question_free(question);
}

static void table_names(const struct hosts *hosts, const struct address *address,
			dns_answered *answered, void *context)
{
	struct arena *arena = arena_new();
	struct dns_answer answer = { .outcome = DNS_ABSENT };

	hosts_names(hosts, arena, address, &answer.names);
	if (answer.names.count)
		answer.outcome = DNS_FOUND;
	answered(context, &answer);
	arena_free(arena);
}

void dns_names(struct dns *dns, const struct address *address, dns_answered *answered,
	       void *context)
{
	if (dns->hosts) {
		table_names(dns->hosts, address, answered, context);
		return;
	}
	ares_query(dns->channel, address_reverse(address).text, ns_c_in, ns_t_ptr,
		   names_answered, question_new(dns, answered, context));
	timer_renew(dns);
}

static void records_end(struct question *question, struct dns_answer *answer,
			int status, struct arena *arena)
{
	if (answer->texts.count || answer->names.count || answer->no_mail)
		answer->outcome = DNS_FOUND;
	else if (status == ARES_SUCCESS)
		answer->outcome = DNS_ABSENT;
	question_answer(question, answer);
	arena_free(arena);
	question_free(question);
}

static void texts_answered(void *context, int status, int timeouts,
			   unsigned char *packet, int len)
{
	struct dns_answer answer = failure(status);
	struct arena *arena = arena_new();

	(void)timeouts;
	if (status == ARES_SUCCESS && len > 0)
		dns_texts_read(arena,
			       (struct slice){ (const char *)packet, (size_t)len },
			       &answer.texts);
	records_end(context, &answer, status, arena);
}

static void exchanges_answered(void *context, int status, int timeouts,
			       unsigned char *packet, int len)
{
	struct dns_answer answer = failure(status);
	struct arena *arena = arena_new();

	(void)timeouts;
	if (status == ARES_SUCCESS && len > 0)
		dns_exchanges_read(arena,
				   (struct slice){ (const char *)packet, (size_t)len },
				   &answer.names, &answer.no_mail);
	records_end(context, &answer, status, arena);
}

static void records_ask(struct dns *dns, struct slice name, int type,
			ares_callback read, struct question *question)
{
	char text[256];

	snprintf(text, sizeof text, SLICE_FMT, SLICE_ARG(name));
	ares_query(dns->channel, text, ns_c_in, type, read, question);
	timer_renew(dns);
}

/* Underscores stand in names of TXT records, so these are no host names. */
static bool record_name_valid(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_alnum(name.at[i]) &&
		    slice_find_byte(S("-._"), name.at[i]) < 0)
			return false;
	return name.len > 0 && name.len <= 253;
}

static bool records_possible(const struct dns *dns, struct slice name,
			     dns_answered *answered, void *context)
{
	struct dns_answer answer = { .outcome = DNS_ABSENT };

	if (record_name_valid(name) && !dns->hosts)
		return true;
	if (dns->hosts)
		answer = (struct dns_answer){
			.outcome = DNS_FAILED,
			.problem = "the hosts table stands in for the DNS",
		};
	answered(context, &answer);
	return false;
}

void dns_texts(struct dns *dns, struct slice name, dns_answered *answered,
	       void *context)
{
	if (records_possible(dns, name, answered, context))
		records_ask(dns, name, ns_t_txt, texts_answered,
			    question_new(dns, answered, context));
}

void dns_exchanges(struct dns *dns, struct slice name, dns_answered *answered,
		   void *context)
{
	if (records_possible(dns, name, answered, context))
		records_ask(dns, name, ns_t_mx, exchanges_answered,
			    question_new(dns, answered, context));
}
