#include "net/imap.h"

#include "base/buffer.h"
#include "net/mail_server.h"

#include <stdio.h>
#include <stdlib.h>

enum { URL_MAX = 2048, ID_MAX = 400 };

static const struct mail_scheme SCHEME = {
	"imap",
	"imaps",
	143,
	993,
	true,
	"is no mail box: write imaps://mail.example.net or "
	"imap://mail.example.net/FOLDER",
};

struct imap {
	CURL *easy;
	struct curl_slist *connect_to;
	struct mail_server server;
	char folder[URL_MAX]; /* the URL of the folder */
	struct buffer answer;
	char problem[CURL_ERROR_SIZE];
};

static size_t answer_add(char *bytes, size_t size, size_t count, void *context)
{
	struct imap *imap = context;

	buffer_add(&imap->answer, (struct slice){ bytes, size * count });
	return imap->answer.failed ? 0 : size * count;
}

static int folder_set(struct imap *imap, struct error *err)
{
	struct slice folder =
		imap->server.folder.len ? imap->server.folder : S("INBOX");
	char *escaped = curl_easy_escape(imap->easy, folder.at, (int)folder.len);
	int len = escaped ? snprintf(imap->folder, sizeof imap->folder,
				     "%s://" SLICE_FMT ":%u/%s",
				     imap->server.tls ? "imaps" : "imap",
				     SLICE_ARG(imap->server.host), imap->server.port,
				     escaped)
			  : -1;

	curl_free(escaped);
	if (len > 0 && (size_t)len < sizeof imap->folder - 64)
		return 0;
	return error_set(err, ERROR_CONFIG, "the name of the IMAP folder is too long");
}

struct imap *imap_new(const struct imap_options *options, struct error *err)
{
	struct mail_server server;
	struct imap *imap;

	if (mail_server_parse(&SCHEME, options->url, &server, err) != 0)
		return NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		(void)error_set(err, ERROR_LIMIT, "curl cannot be used");
		return NULL;
	}
	imap = calloc(1, sizeof *imap);
	if (!imap)
		abort();
	imap->server = server;
	imap->easy = curl_easy_init();
	buffer_init(&imap->answer, IMAP_HEADER_MAX);
	if (!imap->easy || folder_set(imap, err) != 0) {
		imap_free(imap);
		return NULL;
	}
	imap->connect_to =
		mail_server_set(imap->easy, &server, options->routes, options->ca_file);
	mail_server_text(imap->easy, CURLOPT_USERNAME, options->user);
	mail_server_text(imap->easy, CURLOPT_PASSWORD, options->password);
	curl_easy_setopt(imap->easy, CURLOPT_WRITEFUNCTION, answer_add);
	curl_easy_setopt(imap->easy, CURLOPT_WRITEDATA, imap);
	curl_easy_setopt(imap->easy, CURLOPT_ERRORBUFFER, imap->problem);
	curl_easy_setopt(imap->easy, CURLOPT_TIMEOUT_MS, (long)options->deadline_ms);
	return imap;
}

void imap_free(struct imap *imap)
{
	if (!imap)
		return;
	curl_easy_cleanup(imap->easy);
	curl_slist_free_all(imap->connect_to);
	buffer_clear(&imap->answer);
	free(imap);
	curl_global_cleanup();
}

/* What is asked of `url` (NULL: that the mail is fetched) is in imap->answer. */
static int ask(struct imap *imap, const char *url, const char *question,
	       struct error *err)
{
	CURLcode code;

	buffer_reset(&imap->answer);
	imap->problem[0] = '\0';
	curl_easy_setopt(imap->easy, CURLOPT_URL, url);
	curl_easy_setopt(imap->easy, CURLOPT_CUSTOMREQUEST, question);
	code = curl_easy_perform(imap->easy);
	if (code == CURLE_OK)
		return 0;
	return error_set(err, mail_server_is_ours(code) ? ERROR_CONFIG : ERROR_RETRY,
			 "IMAP server '" SLICE_FMT "': %s",
			 SLICE_ARG(imap->server.host),
			 imap->problem[0] ? imap->problem : curl_easy_strerror(code));
}

/* It stands within quotes (RFC 9051 section 9, "quoted"). */
static bool may_be_quoted(struct slice id)
{
	for (size_t i = 0; i < id.len; i++)
		if (!ascii_is_print(id.at[i]) || id.at[i] == '"' || id.at[i] == '\\')
			return false;
	return id.len && id.len <= ID_MAX;
}

int imap_find(struct imap *imap, struct arena *arena, struct slice message_id,
	      struct slice *header, struct error *err)
{
	char question[ID_MAX + 64], url[URL_MAX + 64];
	uint32_t uid;

	if (!may_be_quoted(message_id))
		return error_set(err, ERROR_SYNTAX,
				 "'" SLICE_FMT "' is no Message-ID to search for",
				 SLICE_ARG(message_id));
	snprintf(question, sizeof question,
		 "UID SEARCH HEADER Message-ID \"" SLICE_FMT "\"",
		 SLICE_ARG(message_id));
	if (ask(imap, imap->folder, question, err) != 0)
		return -1;
	uid = imap_uid(buffer_slice(&imap->answer));
	if (!uid)
		return 0;
	snprintf(url, sizeof url, "%s;UID=%u;SECTION=HEADER", imap->folder, uid);
	if (ask(imap, url, NULL, err) != 0)
		return -1;
	*header = arena_copy(arena, buffer_slice(&imap->answer));
	return 1;
}
