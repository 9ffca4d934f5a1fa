/* netfilter: what iptables, nftables, ufw and Shorewall have the kernel log. */
#include "scene.h"

#include <string.h>

static const char *const HEADS[] = {
	"kernel: [%d.%d%e] [UFW BLOCK] IN=eth0 OUT= "
	"MAC=02:00:00:00:00:01:02:00:00:00:00:02:08:00 ",
	"kernel: IPT-DROP: IN=eth0 OUT= MAC=02:00:00:00:00:01:02:00:00:00:00:02:08:00 ",
	"kernel: [%d.%d%e] nft-drop: IN=ens3 OUT= "
	"MAC=02:00:00:00:00:01:02:00:00:00:00:02:08:00 ",
	"kernel: [%d.%d%e] Shorewall:net-fw:DROP:IN=eth0 OUT= "
	"MAC=02:00:00:00:00:01:02:00:00:00:00:02:08:00 ",
};

static const char *const FOUR[] = {
	"SRC=%A DST=192.168.1.10 LEN=44 TOS=0x00 PREC=0x00 TTL=%e ID=%d PROTO=TCP SPT=%P "
	"DPT=%N WINDOW=1024 RES=0x00 SYN URGP=0 ",
	"SRC=%A DST=192.168.1.10 LEN=60 TOS=0x00 PREC=0x00 TTL=%e ID=%d DF PROTO=TCP SPT=%P "
	"DPT=%N WINDOW=64240 RES=0x00 SYN URGP=0 ",
	"SRC=%A DST=192.168.1.10 LEN=40 TOS=0x08 PREC=0x20 TTL=%e ID=%d PROTO=TCP SPT=%P "
	"DPT=%N WINDOW=65535 RES=0x00 SYN URGP=0 ",
	"SRC=%A DST=192.168.1.10 LEN=%e TOS=0x00 PREC=0x00 TTL=%e ID=%d PROTO=UDP SPT=%P "
	"DPT=%N LEN=%e ",
};

static const char *const SIX[] = {
	"SRC=%A DST=fd00:0000:0000:0000:0000:0000:0000:0010 LEN=60 TC=0 HOPLIMIT=%e "
	"FLOWLBL=%d PROTO=TCP SPT=%P DPT=%N WINDOW=64800 RES=0x00 SYN URGP=0 ",
	"SRC=%A DST=fd00:0000:0000:0000:0000:0000:0000:0010 LEN=%e TC=0 HOPLIMIT=%e "
	"FLOWLBL=%d PROTO=UDP SPT=%P DPT=%N LEN=%e ",
};

static const char *const KERNEL[] = {
	"kernel: [%d.%d%e] docker0: port %e(veth%x) entered blocking state",
	"kernel: [%d.%d%e] device veth%x entered promiscuous mode",
	"kernel: [%d.%d%e] TCP: request_sock_TCP: Possible SYN flooding on port 443. "
	"Sending cookies.",
	"kernel: [%d.%d%e] perf: interrupt took too long (%d > %d), lowering "
	"kernel.perf_event_max_sample_rate",
	"kernel: [%d.%d%e] nfs: server files.example OK",
};

static const uint32_t PORTS[] = { 22,   23,   80,   443,  445,  3389, 8080, 5060,
				  1433, 3306, 6379, 2323, 5900, 8443, 139,  21,
				  25,   110,  143,  5555, 9200, 27017 };

#define PICK(scene, table) \
	((table)[scene_random(scene, sizeof(table) / sizeof *(table))])

static void netfilter_step(struct scene *scene)
{
	struct actor actor = { .user = "" };
	char text[512];

	scene_head(scene);
	if (!scene_behind(scene)) {
		scene_say(scene, &actor, PICK(scene, KERNEL));
		return;
	}
	actor.source = scene_source(scene);
	actor.port = 32768 + scene_random(scene, 28232);
	actor.pid = scene_random(scene, 3) ? PICK(scene, PORTS)
					   : 1 + scene_random(scene, 65535);
	snprintf(text, sizeof text, "%s%s", PICK(scene, HEADS),
		 actor.source < SCENE_IPV4 ? PICK(scene, FOUR) : PICK(scene, SIX));
	scene_say(scene, &actor, text);
	scene_count(scene, actor.source);
}

const struct kind kind_netfilter = { "netfilter", 90, netfilter_step };
