/* syslog: the everyday talk of a server's daemons, and a little sshd among it. */
#include "scene.h"

static const char *const DAILY[] = {
	"CRON[%d]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)",
	"CRON[%d]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)",
	"CRON[%d]: pam_unix(cron:session): session closed for user root",
	"CRON[%d]: (www-data) CMD (php -f /srv/www/cloud/cron.php >/dev/null)",
	"systemd[1]: Started Session %d of User alice.",
	"systemd[1]: session-%d.scope: Deactivated successfully.",
	"systemd[1]: Starting Daily apt download activities...",
	"systemd[1]: apt-daily.service: Deactivated successfully.",
	"systemd[1]: Finished Daily apt download activities.",
	"systemd[1]: phpsessionclean.service: Deactivated successfully.",
	"systemd-logind[512]: New session %d of user alice.",
	"systemd-logind[512]: Session %d logged out. Waiting for processes to exit.",
	"systemd-resolved[498]: Server returned error NXDOMAIN, mitigating potential DNS "
	"violation DVE-2018-0001, retrying transaction with reduced feature level UDP.",
	"systemd-timesyncd[480]: Contacted time server [2001:db8::123]:123 (ntp.example).",
	"kernel: [%d.%d] usb 1-1.%e: new high-speed USB device number %e using xhci_hcd",
	"kernel: [%d.%d] EXT4-fs (sda1): re-mounted. Opts: errors=remount-ro. Quota mode: "
	"none.",
	"kernel: [%d.%d] IPv6: ADDRCONF(NETDEV_CHANGE): veth%x: link becomes ready",
	"kernel: [%d.%d] docker0: port %e(veth%x) entered forwarding state",
	"kernel: [%d.%d] audit: type=1400 audit(1795160000.%d:%d): apparmor=\"STATUS\" "
	"operation=\"profile_replace\" profile=\"unconfined\" name=\"/usr/sbin/named\"",
	"postfix/smtpd[%d]: connect from mail.example[198.51.100.%e]",
	"postfix/smtpd[%d]: %x%e: client=mail.example[198.51.100.%e]",
	"postfix/smtpd[%d]: disconnect from mail.example[198.51.100.%e] ehlo=2 starttls=1 "
	"mail=1 rcpt=1 data=1 quit=1 commands=7",
	"postfix/cleanup[%d]: %x%e: message-id=<%x.%x@mail.example>",
	"postfix/qmgr[%d]: %x%e: from=<alice@example.org>, size=%d, nrcpt=1 (queue active)",
	"postfix/qmgr[%d]: %x%e: removed",
	"postfix/lmtp[%d]: %x%e: to=<bob@example.com>, relay=web1[private/dovecot-lmtp], "
	"delay=0.%e, delays=0.%e/0/0.01/0.02, dsn=2.0.0, status=sent (250 2.0.0 <bob> "
	"%xSaved)",
	"dovecot: imap-login: Login: user=<bob>, method=PLAIN, rip=198.51.100.%e, "
	"lip=192.168.1.10, mpid=%d, TLS, session=<%x%x>",
	"dovecot: imap(bob)<%d><%x%x>: Disconnected: Logged out in=%d out=%d deleted=0 "
	"expunged=0 trashed=0 hdr_count=%e hdr_bytes=%d body_count=0 body_bytes=0",
	"dovecot: lmtp(%d): Connect from local",
	"dovecot: lmtp(bob)<%d><%x>: msgid=<%x@mail.example>: saved mail to INBOX",
	"named[611]: client @0x7f%x 192.168.1.%e#%d (www.example): query: www.example IN A "
	"+E(0)K (192.168.1.10)",
	"named[611]: managed-keys-zone: Key 20326 for zone . is now trusted (acceptance "
	"timer complete)",
	"dhclient[702]: DHCPREQUEST for 192.168.1.10 on eth0 to 192.168.1.1 port 67",
	"dhclient[702]: bound to 192.168.1.10 -- renewal in %d seconds.",
	"dhcpd[703]: DHCPACK on 192.168.1.%e to 02:00:00:%e:%e:%e (desk-%e) via eth1",
	"NetworkManager[530]: <info>  [1795160000.%d] dhcp4 (eth0): state changed new "
	"lease, address=192.168.1.10",
	"dbus-daemon[505]: [system] Successfully activated service "
	"'org.freedesktop.hostname1'",
	"sudo:    alice : TTY=pts/%e ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/apt "
	"update",
	"sudo: pam_unix(sudo:session): session opened for user root(uid=0) by "
	"alice(uid=1000)",
	"sudo: pam_unix(sudo:session): session closed for user root",
	"rsyslogd[520]: [origin software=\"rsyslogd\" swVersion=\"8.2302.0\" x-pid=\"520\"] "
	"rsyslogd was HUPed",
	"dockerd[901]: time=\"2026-11-20T00:00:00.%d0000Z\" level=info msg=\"ignoring "
	"event\" container=%x%x%x%x%x%x%x%x module=libcontainerd namespace=moby",
	"containerd[890]: time=\"2026-11-20T00:00:00.%d0000Z\" level=info msg=\"shim "
	"disconnected\" id=%x%x%x%x%x%x%x%x namespace=moby",
	"snapd[910]: storehelpers.go:%d: cannot refresh: snap has no updates available: "
	"\"core22\", \"lxd\"",
	"php-fpm[1200]: [pool www] child %d exited with code 0 after %d.%d seconds from "
	"start",
	"smartd[640]: Device: /dev/sda [SAT], SMART Usage Attribute: 194 "
	"Temperature_Celsius changed from %e to %e",
	"ntpd[655]: kernel reports TIME_ERROR: 0x%x: Clock Unsynchronized",
	"slapd[720]: conn=%d op=%e SRCH base=\"dc=example,dc=org\" scope=2 deref=0 "
	"filter=\"(uid=bob)\"",
	"clamd[730]: SelfCheck: Database status OK.",
	"backup[%d]: rotated 14 snapshots of /srv, %d files, %d kB",
};

static void syslog_step(struct scene *scene)
{
	const struct actor nobody = { .user = "" };
	uint32_t count = sizeof DAILY / sizeof DAILY[0];

	// a connection is over within seconds: its lines stand near each other
	if (scene_behind(scene) || (sshd_is_open() && scene_random(scene, 2))) {
		sshd_say(scene, 1);
		return;
	}
	scene_head(scene);
	scene_say(scene, &nobody, DAILY[scene_random(scene, count)]);
}

const struct kind kind_syslog = { "syslog", 1, syslog_step };
