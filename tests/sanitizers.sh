#!/bin/sh
# sanitizers.sh PROGRAM - each fault that PROGRAM commits must be found, by the exit status
# that tests/run asks for, and no fault where there is none.
found=99
check() { # NAME WANTED-STATUS
	status=0
	"$program" "$1" 2>/dev/null || status=$?
	rm -f "$TMPDIR"/finding.*
	if [ "$status" -eq "$2" ]; then
		echo "ok $1"
	else
		echo "# exit status $status, want $2"
		echo "not ok $1"
	fi
}

program=$1
check nothing 0
check address $found
check undefined $found
case $ASAN_OPTIONS in
*detect_leaks=1*|*detect_leaks=True*) check leak $found ;;
*) echo "skip leak # LeakSanitizer cannot run here" ;;
esac
