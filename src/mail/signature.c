#include "mail/signature.h"

#include <gpgme.h>
#include <pthread.h>

enum { SIGNATURE_MAX_BYTES = 64 * 1024, KEY_TEXT_MAX = 256 };

/* How the two programs and what they hold are called. */
static const struct engine {
	gpgme_protocol_t protocol;
	const char *program, *package, *key, *list;
	const char *micalg; /* before the hash's name */
	int armor;
} ENGINES[] = {
	[SIGNATURE_PGP] = { GPGME_PROTOCOL_OpenPGP, "gpg", "gnupg", "key",
			    "gpg --list-secret-keys", "pgp-", 1 },
	[SIGNATURE_SMIME] = { GPGME_PROTOCOL_CMS, "gpgsm", "gpgsm", "certificate",
			      "gpgsm --list-secret-keys", "", 0 },
};

static void library_start(void)
{
	gpgme_check_version(NULL);
}

static gpgme_ctx_t context_new(const struct engine *engine, struct error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	gpgme_ctx_t context;
	gpgme_error_t failed;

	pthread_once(&once, library_start);
	failed = gpgme_engine_check_version(engine->protocol);
	if (!failed)
		failed = gpgme_new(&context);
	if (failed) {
		error_set(err, ERROR_NOT_FOUND,
			  "%s cannot be used (%s); install %s or unset the %s",
			  engine->program, gpgme_strerror(failed), engine->package,
			  engine->key);
		return NULL;
	}
	gpgme_set_protocol(context, engine->protocol);
	gpgme_set_armor(context, engine->armor);
	gpgme_set_include_certs(context, -1); /* all of the chain: readers need them */
	return context;
}

/* What is wrong with a key that was found, NULL for nothing. */
static const char *key_fault(gpgme_key_t key)
{
	const struct {
		bool is;
		const char *fault;
	} rows[] = {
		{ key->revoked, "is revoked" },
		{ key->expired, "is expired" },
		{ key->disabled, "is disabled" },
		{ !key->can_sign, "cannot sign" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].is)
			return rows[i].fault;
	return NULL;
}

static int key_find(struct arena *arena, const struct engine *engine,
		    gpgme_ctx_t context, struct slice name, gpgme_key_t *out,
		    struct error *err)
{
	gpgme_error_t failed;
	const char *fault;

	if (name.len == 0 || name.len > KEY_TEXT_MAX || name.at[0] == '-')
		return error_set(err, ERROR_CONFIG,
				 "the %s to sign with must be an id or fingerprint",
				 engine->key);
	failed = gpgme_get_key(context, arena_cstr(arena, name), out, 1);
	if (gpgme_err_code(failed) == GPG_ERR_AMBIGUOUS_NAME)
		return error_set(err, ERROR_CONFIG,
				 "%s '" SLICE_FMT "' fits several secret keys; use the "
				 "full fingerprint",
				 engine->key, SLICE_ARG(name));
	if (failed)
		return error_set(err, ERROR_NOT_FOUND,
				 "no secret key '" SLICE_FMT
				 "' in your %s key ring (%s); see %s",
				 SLICE_ARG(name), engine->program,
				 gpgme_strerror(failed), engine->list);
	fault = key_fault(*out);
	if (!fault)
		return 0;
	gpgme_key_unref(*out);
	return error_set(err, ERROR_REFUSED,
			 "%s '" SLICE_FMT "' %s; choose another or renew it",
			 engine->key, SLICE_ARG(name), fault);
}

/* "sha256" is "sha-256" in S/MIME. */
static struct slice micalg_of(struct arena *arena, const struct engine *engine,
			      gpgme_ctx_t context)
{
	gpgme_sign_result_t result = gpgme_op_sign_result(context);
	struct slice digest;
	const char *name;

	if (!result || !result->signatures)
		return S("");
	name = gpgme_hash_algo_name(result->signatures->hash_algo);
	digest = arena_lower(arena, slice_of(name ? name : ""));
	if (engine->protocol == GPGME_PROTOCOL_CMS && slice_starts(digest, S("sha")))
		return arena_printf(arena, "sha-" SLICE_FMT,
				    SLICE_ARG(slice_from(digest, 3)));
	return arena_printf(arena, "%s" SLICE_FMT, engine->micalg, SLICE_ARG(digest));
}

static int sign_failed(const struct engine *engine, gpgme_error_t failed,
		       struct slice key, struct error *err)
{
	static const struct {
		gpgme_err_code_t code;
		const char *text;
	} rows[] = {
		{ GPG_ERR_CANCELED, "the passphrase dialog was cancelled" },
		{ GPG_ERR_BAD_PASSPHRASE, "the passphrase was wrong" },
		{ GPG_ERR_NO_PIN_ENTRY, "gpg-agent found no pinentry to ask by" },
		{ GPG_ERR_TIMEOUT, "the passphrase dialog timed out" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].code == gpgme_err_code(failed))
			return error_set(err, ERROR_REFUSED,
					 "cannot sign with %s '" SLICE_FMT
					 "': %s; unlock it and try again",
					 engine->key, SLICE_ARG(key), rows[i].text);
	return error_set(err, ERROR_REFUSED,
			 "cannot sign with %s '" SLICE_FMT
			 "': %s; is it locked and no terminal there? try %s --sign",
			 engine->key, SLICE_ARG(key), gpgme_strerror(failed),
			 engine->program);
}

/* Takes what gpg wrote; the data object is used up. */
static struct slice data_take(struct arena *arena, gpgme_data_t data)
{
	size_t len = 0;
	char *bytes = gpgme_data_release_and_get_mem(data, &len);
	struct slice copy = { "", 0 };

	if (bytes && len <= SIGNATURE_MAX_BYTES)
		copy = arena_copy(arena, (struct slice){ bytes, len });
	gpgme_free(bytes);
	return copy;
}

struct signing {
	struct arena *arena;
	const struct engine *engine;
	gpgme_ctx_t context;
	struct slice key;
};

static int sign_with(const struct signing *signing, struct slice bytes,
		     struct signature *out, struct error *err)
{
	gpgme_data_t in, signature;
	gpgme_error_t failed;

	failed = gpgme_data_new_from_mem(&in, bytes.at, bytes.len, 0);
	if (failed)
		return error_set(err, ERROR_REFUSED, "gpg: %s", gpgme_strerror(failed));
	failed = gpgme_data_new(&signature);
	if (failed) {
		gpgme_data_release(in);
		return error_set(err, ERROR_REFUSED, "gpg: %s", gpgme_strerror(failed));
	}
	failed = gpgme_op_sign(signing->context, in, signature, GPGME_SIG_MODE_DETACH);
	gpgme_data_release(in);
	if (failed) {
		gpgme_data_release(signature);
		return sign_failed(signing->engine, failed, signing->key, err);
	}
	out->micalg = micalg_of(signing->arena, signing->engine, signing->context);
	out->bytes = data_take(signing->arena, signature);
	if (!out->bytes.len || !out->micalg.len)
		return error_set(err, ERROR_REFUSED, "%s made no signature",
				 signing->engine->program);
	return 0;
}

int signature_make(struct arena *arena, enum signature_kind kind, struct slice key,
		   struct slice bytes, struct signature *out, struct error *err)
{
	struct signing signing = { arena, &ENGINES[kind], NULL, key };
	struct signature made = { 0 };
	gpgme_key_t found;
	int result = -1;

	signing.context = context_new(signing.engine, err);
	if (!signing.context)
		return -1;
	if (key_find(arena, signing.engine, signing.context, key, &found, err))
		goto release_context;
	if (gpgme_signers_add(signing.context, found) == 0)
		result = sign_with(&signing, bytes, &made, err);
	else
		error_set(err, ERROR_REFUSED, "%s refused the %s",
			  signing.engine->program, signing.engine->key);
	gpgme_key_unref(found);
	if (result == 0)
		*out = made;
release_context:
	gpgme_release(signing.context);
	return result;
}
