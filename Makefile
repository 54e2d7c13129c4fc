# The commands of this house; what they call is in tools/, php-tests/ and benches/.
# PHP=8.4 make ... chooses other Debian tools (php8.4, php-config8.4).
PHP ?= 8.2
export STEELWOOL_PHP := $(PHP)
unexport PHP

.PHONY: serve build test bench autobahn browser fmt lint
.DEFAULT_GOAL := build

serve: ## install what is missing, build, serve examples/api on 127.0.0.1:9501
	@tools/packages build serve
	@tools/serve

build: ## target/release/libsteelwool.so
	@tools/build

test: ## install what is missing, build, run all tests; the last line is "N passed, N failed"
	@tools/packages build test
	@tools/test

bench: ## measure; PEER=/path/to/other.so measures that one beside ours
	@tools/packages build test bench
	@tools/build
	@benches/run

autobahn: ## the Autobahn test suite for WebSocket, if it is there (WSTEST says how to start it; STYLES="coroutine base process")
	@tools/build
	@tools/autobahn/run

browser: ## install Chromium, and try the chat example in two headless ones
	@tools/packages build test browser
	@tools/build
	@tools/browser/run target/release/libsteelwool.so

fmt:
	cargo fmt --all

lint: ## what CI refuses
	@tools/lint
