/* sshd: the lines of one connection belong together by their process id. */
#include "scene.h"

#include <string.h>

enum { OPEN = 8, SAYINGS = 11, PID_FIRST = 1000, PID_LAST = 4194303 };

struct saying {
	const char *text;
	bool fails; /* the sshd filter of Debian's fail2ban counts it */
};

enum user { USER_VALID, USER_INVALID, USER_STAFF };

struct session {
	enum user user;
	struct saying sayings[SAYINGS];
};

#define FAILED                                                      \
	{                                                           \
		"Failed password for %U from %A port %P ssh2", true \
	}
#define FAILED_INVALID                                                           \
	{                                                                        \
		"Failed password for invalid user %U from %A port %P ssh2", true \
	}
#define INVALID                                         \
	{                                               \
		"Invalid user %U from %A port %P", true \
	}
#define PAM_UNKNOWN                                                    \
	{                                                              \
		"pam_unix(sshd:auth): check pass; user unknown", false \
	}
#define PAM_FAILURE                                                                           \
	{                                                                                     \
		"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh " \
		"ruser= rhost=%A  user=%U",                                                   \
			false                                                                 \
	}
#define PAM_FAILURE_UNKNOWN                                                                   \
	{                                                                                     \
		"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh " \
		"ruser= rhost=%A ",                                                           \
			false                                                                 \
	}
#define PAM_MORE                                                                            \
	{                                                                                   \
		"PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= " \
		"rhost=%A  user=%U",                                                        \
			false                                                               \
	}
#define BYE                                                                        \
	{                                                                          \
		"Received disconnect from %A port %P:11: Bye Bye [preauth]", false \
	}
#define OPENED                                                                             \
	{                                                                                  \
		"pam_unix(sshd:session): session opened for user %U(uid=1000) by (uid=0)", \
			false                                                              \
	}
#define CLOSED                                                              \
	{                                                                   \
		"pam_unix(sshd:session): session closed for user %U", false \
	}
#define LEFT                                                                          \
	{                                                                             \
		"Received disconnect from %A port %P:11: disconnected by user", false \
	}
#define DISCONNECTED                                          \
	{                                                     \
		"Disconnected from user %U %A port %P", false \
	}

/* More than the usual share of their lines is failures ... */
static const struct session DENSE[] = {
	{ USER_VALID,
	  { FAILED,
	    FAILED,
	    FAILED,
	    FAILED,
	    FAILED,
	    FAILED,
	    { "error: maximum authentication attempts exceeded for %U from %A port %P "
	      "ssh2 [preauth]",
	      true },
	    { "Disconnecting authenticating user %U %A port %P: Too many authentication "
	      "failures [preauth]",
	      false } } },
	{ USER_VALID,
	  { FAILED,
	    FAILED,
	    FAILED,
	    FAILED,
	    FAILED,
	    FAILED,
	    { "Disconnecting: Too many authentication failures for %U [preauth]",
	      true } } },
	{ USER_INVALID, { INVALID, FAILED_INVALID } },
	{ USER_INVALID,
	  { INVALID,
	    FAILED_INVALID,
	    FAILED_INVALID,
	    FAILED_INVALID,
	    FAILED_INVALID,
	    FAILED_INVALID,
	    FAILED_INVALID,
	    { "error: maximum authentication attempts exceeded for invalid user %U from "
	      "%A port %P ssh2 [preauth]",
	      true },
	    { "Disconnecting invalid user %U %A port %P: Too many authentication "
	      "failures [preauth]",
	      false } } },
	{ USER_VALID,
	  { { "User %U from %A not allowed because not listed in AllowUsers", true },
	    FAILED_INVALID,
	    FAILED_INVALID } },
	{ USER_VALID,
	  { { "error: PAM: Authentication failure for %U from %A", true },
	    { "Failed keyboard-interactive/pam for %U from %A port %P ssh2", true } } },
	{ USER_INVALID,
	  { INVALID,
	    { "Failed none for invalid user %U from %A port %P ssh2", true },
	    FAILED_INVALID } },
};

/* ... and less. */
static const struct session THIN[] = {
	{ USER_VALID,
	  { PAM_FAILURE,
	    FAILED,
	    { "Connection closed by authenticating user %U %A port %P [preauth]",
	      false } } },
	{ USER_INVALID,
	  { INVALID,
	    PAM_UNKNOWN,
	    PAM_FAILURE_UNKNOWN,
	    FAILED_INVALID,
	    { "Connection closed by invalid user %U %A port %P [preauth]", false } } },
	{ USER_VALID,
	  { PAM_FAILURE,
	    FAILED,
	    FAILED,
	    FAILED,
	    BYE,
	    { "Disconnected from authenticating user %U %A port %P [preauth]", false },
	    PAM_MORE } },
	{ USER_INVALID,
	  { INVALID,
	    BYE,
	    { "Disconnected from invalid user %U %A port %P [preauth]", false } } },
	{ USER_VALID, { { "Connection closed by %A port %P [preauth]", false } } },
	{ USER_VALID,
	  { { "Did not receive identification string from %A port %P", false } } },
	{ USER_VALID,
	  { PAM_FAILURE,
	    FAILED,
	    { "Connection reset by authenticating user %U %A port %P [preauth]",
	      false } } },
	{ USER_STAFF,
	  { { "Accepted publickey for %U from %A port %P ssh2: ED25519 "
	      "SHA256:%x%x%x%x%x%xbM",
	      false },
	    OPENED,
	    LEFT,
	    DISCONNECTED,
	    CLOSED } },
	{ USER_STAFF,
	  { { "Accepted password for %U from %A port %P ssh2", false },
	    OPENED,
	    LEFT,
	    DISCONNECTED,
	    CLOSED } },
	{ USER_STAFF,
	  { PAM_FAILURE,
	    FAILED,
	    { "Accepted password for %U from %A port %P ssh2", false },
	    OPENED,
	    LEFT,
	    DISCONNECTED,
	    CLOSED } },
};

/* One try of each source: so many sources that a connection of several lines is none. */
static const struct session SPREAD[] = {
	{ USER_VALID, { FAILED } },
	{ USER_INVALID, { FAILED_INVALID } },
	{ USER_INVALID, { INVALID } },
};

static const char *const VALID[] = {
	"root",     "root",   "root", "root",     "daemon",
	"www-data", "backup", "mail", "postgres", "mysql"
};
static const char *const NOBODY[] = { "admin",     "test",   "oracle",  "ubuntu",
				      "user",      "guest",  "ftpuser", "git",
				      "pi",        "hadoop", "deploy",  "jenkins",
				      "nagios",    "zabbix", "ansible", "support",
				      "minecraft", "steam",  "dev",     "1234" };
static const char *const STAFF[] = { "alice", "bob", "carol", "dave", "erin", "frank" };

struct connection {
	const struct session *session;
	size_t said;
	struct actor actor;
};

static struct connection connections[OPEN];
static uint32_t last_pid = PID_FIRST;

#define PICK(scene, table) \
	(&(table)[scene_random(scene, sizeof(table) / sizeof *(table))])

static const struct session *session_choose(struct scene *scene)
{
	if (scene_is_spread(scene))
		return PICK(scene, SPREAD);
	return scene_behind(scene) ? PICK(scene, DENSE) : PICK(scene, THIN);
}

static void connection_open(struct scene *scene, struct connection *connection)
{
	const struct session *session = session_choose(scene);
	struct actor *actor = &connection->actor;

	last_pid += 1 + scene_random(scene, 3);
	if (last_pid > PID_LAST)
		last_pid = PID_FIRST;
	actor->pid = last_pid;
	actor->port = 1024 + scene_random(scene, 64512);
	actor->source =
		session->user == USER_STAFF ? scene_staff(scene) : scene_source(scene);
	if (session->user == USER_STAFF)
		actor->user = *PICK(scene, STAFF);
	else if (session->user == USER_VALID)
		actor->user = *PICK(scene, VALID);
	else
		actor->user = *PICK(scene, NOBODY);
	connection->session = session;
	connection->said = 0;
}

bool sshd_is_open(void)
{
	return connections[0].session != NULL;
}

void sshd_say(struct scene *scene, uint32_t open)
{
	struct connection *connection = &connections[scene_random(scene, open)];
	const struct saying *saying;
	char text[256];

	if (connection->session == NULL)
		connection_open(scene, connection);
	saying = &connection->session->sayings[connection->said++];
	scene_head(scene);
	snprintf(text, sizeof text, "sshd[%%N]: %s", saying->text);
	scene_say(scene, &connection->actor, text);
	if (saying->fails)
		scene_count(scene, connection->actor.source);
	if (connection->said == SAYINGS || saying[1].text == NULL)
		connection->session = NULL;
}

static void sshd_step(struct scene *scene)
{
	sshd_say(scene, OPEN);
}

const struct kind kind_sshd = { "sshd", 80, sshd_step };
