# The words a person types; what they do stands in tools/ and tests/run.
.PHONY: run test soak bench lint install uninstall format clean
run:
	tools/setup run
	tools/build release tipoff
	tools/run-examples
test:
	tools/setup run test
	tools/build test
	tests/run
soak:
	tools/setup run test soak
	tools/soak
bench:
	tools/setup run bench
	tools/build release
	tools/bench
lint:
	tools/setup run test lint
	tools/lint
install:
	tools/build release installed
	meson install -C build/release --no-rebuild --quiet
uninstall:
	tools/uninstall build/release "$(PREFIX)"
format:
	find src tests fuzz bench -name '*.[ch]' -exec clang-format -i {} +
clean:
	rm -rf build
