# SPDX-License-Identifier: Apache-2.0
# 'make help' lists the targets. Everything is built under $(O); the source tree stays clean.

VERSION    := 0.1.0

PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
LIBEXECDIR ?= $(PREFIX)/libexec
INCLUDEDIR ?= $(PREFIX)/include
DATADIR    ?= $(PREFIX)/share
MANDIR     ?= $(DATADIR)/man
POLICYDIR  ?= $(DATADIR)/hookwright/policies.d
COMPDIR    ?= $(DATADIR)/bash-completion/completions
ZSHDIR     ?= $(DATADIR)/zsh/site-functions
FISHDIR    ?= $(DATADIR)/fish/vendor_completions.d
DOCDIR     ?= $(DATADIR)/doc/hookwright
# Where reports link to for a rule, as a URI: the installed page unless there is a public one.
RULES_URI  ?= file://$(DOCDIR)/rules.md
INSTALL    ?= install
# Where the project is at home, for packages.
HOMEPAGE   ?= https://github.com/OWNER/hookwright
PKG_CONFIG ?= pkg-config
OBJCOPY    ?= objcopy
DEPS       := libcjson yaml-0.1
# libyaml is linked statically where there is an archive of it: a runtime is started for each call
# of an engine, and a shared library costs every start. YAML=shared for those who prefer that.
YAML       ?= static

# STATIC=1 builds programs without a dynamic loader, with musl; 'make static' gets what that needs.
STATIC     ?=
MUSL       := build/musl
ifneq ($(STATIC),)
# What is in the environment would be handed on to a make that builds the other flavour.
OTHERS     := STATIC= CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)' YAML='$(YAML)'
CC         := musl-gcc
PKG_CONFIG := PKG_CONFIG_LIBDIR=$(MUSL)/lib/pkgconfig pkg-config
YAML       := shared
endif

# What builds hookwright-run, which runs in containers: static, and with musl a tenth as large.
RUN_CC     ?= $(if $(shell command -v musl-gcc),musl-gcc,$(CC))
RUN_CFLAGS ?= -Os

# One build directory per flavour, so that switching CC or SAN never mixes objects. The tests that
# look at the objects or preload a library always use the plain flavour.
SAN        ?=
comma      := ,
PLAIN      := build$(addprefix -,$(notdir $(filter-out cc gcc musl-gcc,$(firstword $(CC)))))
O          ?= $(PLAIN)$(if $(STATIC),-static)$(addprefix -,$(subst $(comma),-,$(SAN)))
plain      := $(if $(SAN)$(STATIC),$(PLAIN),$(O))

CFLAGS     ?= -O2 -g
# Rows of tables leave out members at their end that are nothing; clang minds that.
WARNINGS   := -Wall -Wextra -Wno-missing-field-initializers -Wshadow -Wpointer-arith \
              -Wwrite-strings -Wformat=2 -Wvla \
              -Wstrict-prototypes -Wmissing-prototypes -Wcast-align -Wundef -Wdate-time \
              -Werror=return-type
WERROR     ?=
HARDEN     := -fstack-protector-strong $(if $(SAN),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
SANFLAGS   := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all)

# Asked once and only when something is compiled: help, clean, demo and test must work before
# pkg-config is installed.
DEP_CFLAGS  = $(eval DEP_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(DEPS)))$(DEP_CFLAGS)
yaml_archive = $(if $(filter static,$(YAML)),$(filter /%,$(shell $(CC) -print-file-name=libyaml.a)))
YAML_LIBS   = $(eval YAML_LIBS := $(or $(yaml_archive),$(shell $(PKG_CONFIG) --libs yaml-0.1)))$(YAML_LIBS)
CJSON_LIBS  = $(eval CJSON_LIBS := $(shell $(PKG_CONFIG) --libs libcjson))$(CJSON_LIBS)
DEP_LIBS    = $(CJSON_LIBS) $(YAML_LIBS)

XCFLAGS     = -std=gnu11 -D_GNU_SOURCE -DHW_VERSION='"$(VERSION)"' -DHW_RULES_URI='"$(RULES_URI)"' -iquote lib -iquote cmd \
              -fvisibility=hidden -fPIC -ffunction-sections -fdata-sections $(WARNINGS) $(if $(WERROR),-Werror) $(HARDEN) $(SANFLAGS) \
              $(DEP_CFLAGS)
XLDFLAGS   := -Wl,-z,relro -Wl,-z,now -Wl,-O1 -Wl,--hash-style=gnu -Wl,--as-needed $(SANFLAGS) $(if $(STATIC),-static)

LIB_OBJ    := $(patsubst %.c,$(O)/%.o,$(wildcard lib/*/*.c lib/*/*/*.c))
CMD_OBJ    := $(patsubst %.c,$(O)/%.o,$(filter-out cmd/wrapper/main.c cmd/run/%,$(wildcard cmd/*.c cmd/*/*.c)))
# What an engine starts for each of its calls: the wrapper and nothing else.
WRAPPER    := $(patsubst %.c,$(O)/%.o,$(wildcard cmd/wrapper/*.c cmd/cli/*.c))
# Of the library what every call needs comes first, and libyaml with it: they share pages then.
ALWAYS     := $(filter $(O)/lib/base/% $(O)/lib/format/% $(O)/lib/config/%,$(LIB_OBJ))
# What a container gets to see, so nothing else is in its directory.
IN         := $(O)/in/run
PROGRAMS   := $(O)/hookwright $(O)/hookwright-runtime $(IN)
UNIT       := $(patsubst %.c,$(O)/%,$(wildcard tests/unit/test-*.c))
FUZZ       := $(patsubst %.c,$(O)/%,$(wildcard tests/fuzz/fuzz-*.c))
# hookwright-run is the same program in every flavour.
E2E        := tests/cases/run $(filter-out tests/e2e/lib.sh $(if $(SAN),tests/e2e/run.sh tests/e2e/run-containers.sh),$(wildcard tests/e2e/*.sh))
TRUTH      := $(wildcard tests/truth/*.sh)
ENGINES    := $(filter-out tests/engines/lib.sh,$(wildcard tests/engines/*.sh))
LINT       := $(wildcard tests/lint/*.sh)
FAULT      := $(wildcard tests/fault/test-*.py)
FAULT_SO   := $(plain)/tests/fault/fail.so
ENTER      := $(plain)/tests/e2e/enter
INSTALLED  := $(wildcard tests/install/*.sh)
V          ?= @

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all help demo picture test check check-lint check-unit check-fuzz check-e2e check-truth \
        check-engines check-fault check-kill check-install check-package static tarball deb rpm bench bench-compare fuzz install uninstall goldens manual format format-check lint compile_commands.json clean FORCE

all: $(PROGRAMS) $(O)/libhookwright.a ## build the programs and the library (default)

help: ## list the targets and the variables worth setting
	@awk -F ':.*## ' '/^[a-z0-9_.-]+:.*## /{printf "  %-22s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@echo '  CC=clang  SAN=address,undefined  WERROR=1  CFLAGS=  O=dir  V=  PREFIX=  DESTDIR=  RULES_URI='
	@echo "  check* and test: ONLY='a pattern in the name of a case'"

# For the builds that demo, test and bench start themselves, unless the caller chose.
PARALLEL    = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j2)

.PHONY: ready
ready: all $(ENTER)
	@:

demo: ## show what it is for, with real containers; installs what is missing
	@tests/setup demo
	@$(MAKE) --no-print-directory $(PARALLEL) ready
	@HOOKWRIGHT=$(abspath $(O)/hookwright) HW_ENTER=$(abspath $(ENTER)) tests/demo/demo.sh
PICTURES   := lint explain
picture: ## draw README.md's pictures again, from real runs
	@tests/setup test
	@$(MAKE) --no-print-directory $(PARALLEL) ready
	@for picture in $(PICTURES); do HOOKWRIGHT=$(abspath $(O)/hookwright) HW_ENTER=$(abspath $(ENTER)) \
	    tests/demo/picture.sh $$picture >$(O)/$$picture.svg && \
	    mv $(O)/$$picture.svg tests/demo/$$picture.svg || exit 1; done
	@HOOKWRIGHT=$(abspath $(O)/hookwright) HW_ENTER=$(abspath $(ENTER)) tests/demo/picture.sh page >$(O)/page.html
	@/usr/bin/python3 tests/demo/page.py $(O)/page.html tests/demo/page.png
test: ## run every test; installs what is missing
	@tests/setup test
	@$(MAKE) --no-print-directory $(PARALLEL) check

# What decides how objects look: when it changes, they are built again.
FLAGS       = $(CC) $(CPPFLAGS) $(CFLAGS) $(XCFLAGS) $(XLDFLAGS) $(LDFLAGS) $(DEP_LIBS) $(LIB_OBJ) $(CMD_OBJ) $(RUN_CC) $(RUN_CFLAGS)
$(O)/flags: FORCE
	@mkdir -p $(@D)
	@$(PKG_CONFIG) --exists $(DEPS) || { echo "missing $(PKG_CONFIG) or the development files of" \
	    "$(DEPS); on Debian run 'tests/setup build'" >&2; exit 1; }
	@printf '%s\n' '$(subst ','\'',$(FLAGS))' | cmp -s - $@ || \
	    printf '%s\n' '$(subst ','\'',$(FLAGS))' >$@

$(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(V)$(CC) $(CPPFLAGS) $(CFLAGS) $(XCFLAGS) -MMD -MP -c -o $@ $<

$(O)/lib/view/host.o $(O)/cmd/wrapper/chosen.o: XCFLAGS += $(if $(STATIC),-include lib/base/statx.h)

# Includes these as they are.
$(O)/lib/render/html.o: lib/render/page.css lib/render/page.js

# Internal names must not collide with those of a program linking the archive: make them local.
$(O)/libhookwright.a: $(LIB_OBJ)
	$(V)$(LD) -r -o $(O)/libhookwright.o $^ && $(OBJCOPY) --localize-hidden $(O)/libhookwright.o
	$(V)rm -f $@ && $(AR) rcs $@ $(O)/libhookwright.o

# The objects and not the archive, which hides what tools.h declares.
$(O)/hookwright: $(CMD_OBJ) $(LIB_OBJ)
	$(V)$(CC) $(CFLAGS) $(XLDFLAGS) $(LDFLAGS) -pthread -o $@ $^ $(DEP_LIBS)

# It shall not need cJSON: what asks for that is left out, or the link fails. (Of the archive less
# could be left out: there, functions of one name share a section. Sanitizers keep everything.)
$(O)/hookwright-runtime: $(WRAPPER) $(LIB_OBJ)
	$(V)$(CC) $(CFLAGS) $(XLDFLAGS) $(LDFLAGS) -Wl,--gc-sections -o $@ $(WRAPPER) $(ALWAYS) \
	    $(YAML_LIBS) $(filter-out $(ALWAYS),$(LIB_OBJ)) $(if $(SAN),$(CJSON_LIBS))

# Always plain, and always static; the glibc of some distributions has its archive in a package of
# its own (glibc-static).
RUN_SRC    := $(wildcard cmd/run/*.c)
$(IN): $(RUN_SRC) cmd/run/run.h lib/helper/protocol.h $(O)/flags
	@mkdir -p $(@D)
	$(V)$(RUN_CC) -std=gnu11 -D_GNU_SOURCE -iquote lib -iquote cmd $(RUN_CFLAGS) \
	    -ffunction-sections -fdata-sections -fstack-protector-strong $(WARNINGS) \
	    $(if $(WERROR),-Werror) -static -s -Wl,--gc-sections -Wl,-z,noexecstack -o $@ $(RUN_SRC)

# Tests link the objects and not the archive, so they reach internal functions too.
$(O)/tests/unit/%: $(O)/tests/unit/%.o $(LIB_OBJ)
	$(V)$(CC) $(CFLAGS) $(XLDFLAGS) $(LDFLAGS) -o $@ $^ $(DEP_LIBS)
$(O)/tests/fuzz/%: $(O)/tests/fuzz/%.o $(O)/tests/fuzz/replay.o $(LIB_OBJ)
	$(V)$(CC) $(CFLAGS) $(XLDFLAGS) $(LDFLAGS) -o $@ $^ $(DEP_LIBS)
ifeq ($(STATIC),)
$(plain)/tests/fault/fail.so: tests/fault/fail.c
	@mkdir -p $(@D)
	$(V)$(CC) $(CFLAGS) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) -fPIC -shared -o $@ $< -ldl
$(plain)/tests/e2e/enter: tests/e2e/enter.c
	@mkdir -p $(@D)
	$(V)$(CC) $(CFLAGS) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) -o $@ $<
else
$(plain)/tests/fault/fail.so $(plain)/tests/e2e/enter: $(plain)/hookwright ;
endif

ifneq ($(plain),$(O))
$(plain)/hookwright: FORCE
	@$(MAKE) --no-print-directory SAN= $(OTHERS) O=$(plain) all $(if $(STATIC),$(ENTER) $(FAULT_SO))
$(plain)/libhookwright.a: $(plain)/hookwright ;
endif

# Debian suites whose runc and crun the truth test tries besides those of this machine, and where
# 'make runtimes' puts them.
SUITES     ?= trixie sid
RUNTIMES   ?= build/runtimes

# The environment of every test program; it runs in the top directory. ONLY= chooses cases by name.
ONLY       ?=
TEST_ENV    = HOOKWRIGHT=$(abspath $(O)/hookwright) HW_OBJECTS=$(abspath $(plain)) \
              HW_PLAIN=$(abspath $(plain)/hookwright) HW_FAULT=$(abspath $(FAULT_SO)) HW_SAN='$(SAN)' \
              HW_ENTER=$(abspath $(ENTER)) HW_RUN=$(abspath $(IN)) HW_VERSION='$(VERSION)' HW_MAKE='$(MAKE) SAN= STATIC= O=$(plain) RULES_URI=$(RULES_URI)' CC='$(if $(STATIC),cc,$(CC))' \
              HW_RUNTIMES=$(abspath $(RUNTIMES)) HW_SUITES='$(SUITES)' HW_ONLY='$(subst ','\'',$(ONLY))'
RUN         = @$(TEST_ENV) $(ENTER) tests/run $(RUNFLAGS)

check: $(UNIT) $(FUZZ) $(PROGRAMS) $(plain)/libhookwright.a $(plain)/hookwright $(FAULT_SO) $(ENTER) ## as test, but installs nothing
	$(RUN) $(LINT) $(UNIT) $(FUZZ) $(FAULT) $(TRUTH) $(E2E) $(ENGINES) $(INSTALLED)
check-lint: $(plain)/hookwright $(ENTER) ## layers, purity and the other rules of the source
	$(RUN) $(LINT)
check-unit: $(UNIT) $(ENTER) ## unit tests: one program for each module
	$(RUN) $(UNIT)
check-fuzz: $(FUZZ) $(ENTER) ## replay the fuzz corpora
	$(RUN) $(FUZZ)
check-e2e: $(PROGRAMS) $(plain)/libhookwright.a $(ENTER) ## the program on real bundles, with runc and crun
	$(RUN) $(E2E)
check-truth: $(PROGRAMS) $(ENTER) ## what lint says of the bundles of tests/truth is what runtimes do
	$(RUN) $(TRUTH)
runtimes: ## get runc and crun of other Debian suites, for check-truth
	@tests/truth/newer $(RUNTIMES) $(SUITES)
check-engines: $(PROGRAMS) $(plain)/hookwright $(ENTER) ## the wrapper under podman, containerd and docker
	$(RUN) $(ENGINES)
check-fault: $(plain)/hookwright $(FAULT_SO) $(ENTER) ## fail every allocation and every write once
	$(RUN) $(FAULT)
check-kill: $(plain)/hookwright $(ENTER) ## 500 runs killed at random moments
	@HW_KILLS=500 $(TEST_ENV) $(ENTER) tests/run $(RUNFLAGS) tests/fault/test-kill.py
check-package: ## packages: built, the same twice, checked by lintian and rpmlint, installed and purged
	@tests/setup package
	@$(MAKE) --no-print-directory deb tarball rpm $(ENTER)
	$(RUN) tests/install/package/package.sh
check-install: all $(plain)/hookwright $(ENTER) ## a staged install and a program built on it
	$(RUN) $(INSTALLED)

static: ## build the programs with musl, without a dynamic loader, below build-static
	@tests/setup static
	@tests/static $(MUSL)
	@$(MAKE) --no-print-directory $(PARALLEL) STATIC=1 ready

bench: ## time and memory against the targets; installs what is missing
	@tests/setup bench
	@$(MAKE) --no-print-directory $(PARALLEL) ready
	@HOOKWRIGHT=$(abspath $(O)/hookwright) HW_ENTER=$(abspath $(ENTER)) tests/bench/bench.sh
	@echo
	@HOOKWRIGHT=$(abspath $(O)/hookwright) HW_ENTER=$(abspath $(ENTER)) HW_RUN=$(abspath $(IN)) tests/bench/run.sh
	@echo
	@HOOKWRIGHT=$(abspath $(O)/hookwright) HW_ENTER=$(abspath $(ENTER)) tests/bench/lint.sh
	@echo
	@HOOKWRIGHT=$(abspath $(O)/hookwright) HW_ENTER=$(abspath $(ENTER)) tests/bench/work.sh
	@echo
	@HOOKWRIGHT=$(abspath $(O)/hookwright) HW_ENTER=$(abspath $(ENTER)) $(ENTER) tests/bench/corpus.sh

bench-compare: ## the programs against those of a commit: make bench-compare REV=HEAD~1
	@tests/setup bench
	@$(MAKE) --no-print-directory $(PARALLEL) ready
	@HOOKWRIGHT=$(abspath $(O)/hookwright) HW_ENTER=$(abspath $(ENTER)) \
	    tests/bench/compare.sh $(abspath $(O))/compare '$(or $(REV),HEAD)'

fuzz: ## fuzz one target with clang: make fuzz TARGET=json ARGS=-max_total_time=60
	@mkdir -p build-fuzz/corpus-$(TARGET)
	$(V)clang $(XCFLAGS) -U_FORTIFY_SOURCE -O1 -g -fsanitize=fuzzer,address,undefined \
	    -fno-sanitize-recover=all -o build-fuzz/$(TARGET) tests/fuzz/fuzz-$(TARGET).c \
	    $(LIB_OBJ:$(O)/%.o=%.c) $(DEP_LIBS)
	build-fuzz/$(TARGET) $(ARGS) build-fuzz/corpus-$(TARGET) tests/fuzz/corpus/$(TARGET)

PC_VARS     = s|@PREFIX@|$(PREFIX)|;s|@LIBDIR@|$(LIBDIR)|;s|@INCLUDEDIR@|$(INCLUDEDIR)|
MAN1       := $(wildcard cmd/man/*.1)
MAN5       := $(wildcard cmd/man/*.5)
MAN7       := $(wildcard cmd/man/*.7)
POLICIES   := $(filter-out %.test.yaml,$(wildcard policies/*.yaml))
# The names by which engines that can pass no argument choose the runtime.
LINKS      := hookwright-runc hookwright-crun
install: all ## install under $(DESTDIR)$(PREFIX); the wrapper of 'make static' if there is one
	$(INSTALL) -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBEXECDIR)/hookwright/in $(LIBDIR)/pkgconfig $(INCLUDEDIR) $(POLICYDIR) \
	    $(MANDIR)/man1 $(MANDIR)/man5 $(MANDIR)/man7 $(COMPDIR) $(ZSHDIR) $(FISHDIR) $(DOCDIR))
	rm -f $(DESTDIR)$(BINDIR)/hookwright-runtime
	$(INSTALL) -m 755 $(O)/hookwright $(O)/hookwright-runtime $(DESTDIR)$(BINDIR)
	$(if $(wildcard build-static/hookwright-runtime),$(MAKE) --no-print-directory STATIC=1 build-static/hookwright-runtime && \
	    $(INSTALL) -m 755 build-static/hookwright-runtime $(DESTDIR)$(BINDIR))
	$(INSTALL) -m 755 $(IN) $(DESTDIR)$(LIBEXECDIR)/hookwright/in
	for link in $(LINKS); do ln -sf hookwright-runtime $(DESTDIR)$(BINDIR)/$$link; done
	$(INSTALL) -m 644 $(O)/libhookwright.a $(DESTDIR)$(LIBDIR)
	$(INSTALL) -m 644 lib/hookwright.h $(DESTDIR)$(INCLUDEDIR)
	sed '$(PC_VARS);s|@VERSION@|$(VERSION)|;s|@DEPS@|$(DEPS)|' lib/hookwright.pc.in \
	    >$(DESTDIR)$(LIBDIR)/pkgconfig/hookwright.pc
	chmod 644 $(DESTDIR)$(LIBDIR)/pkgconfig/hookwright.pc
	$(if $(MAN1),$(INSTALL) -m 644 $(MAN1) $(DESTDIR)$(MANDIR)/man1)
	for link in hookwright-runtime $(LINKS); do ln -sf hookwright.1 $(DESTDIR)$(MANDIR)/man1/$$link.1; done
	$(if $(MAN5),$(INSTALL) -m 644 $(MAN5) $(DESTDIR)$(MANDIR)/man5)
	$(if $(MAN7),$(INSTALL) -m 644 $(MAN7) $(DESTDIR)$(MANDIR)/man7)
	$(if $(POLICIES),$(INSTALL) -m 644 $(POLICIES) $(DESTDIR)$(POLICYDIR))
	$(INSTALL) -m 644 cmd/completion/hookwright.bash $(DESTDIR)$(COMPDIR)/hookwright
	$(INSTALL) -m 644 cmd/completion/hookwright.zsh $(DESTDIR)$(ZSHDIR)/_hookwright
	$(INSTALL) -m 644 cmd/completion/hookwright.fish $(DESTDIR)$(FISHDIR)/hookwright.fish
	$(INSTALL) -m 644 cmd/man/rules.md $(DESTDIR)$(DOCDIR)
uninstall: ## remove what install put there
	rm -f $(addprefix $(DESTDIR),$(addprefix $(BINDIR)/,hookwright hookwright-runtime $(LINKS)) \
	    $(LIBEXECDIR)/hookwright/in/run $(LIBDIR)/libhookwright.a \
	    $(INCLUDEDIR)/hookwright.h $(LIBDIR)/pkgconfig/hookwright.pc $(COMPDIR)/hookwright \
	    $(ZSHDIR)/_hookwright $(FISHDIR)/hookwright.fish $(DOCDIR)/rules.md \
	    $(addprefix $(MANDIR)/man1/,$(notdir $(MAN1)) $(addsuffix .1,hookwright-runtime $(LINKS))) \
	    $(addprefix $(MANDIR)/man5/,$(notdir $(MAN5))) \
	    $(addprefix $(MANDIR)/man7/,$(notdir $(MAN7))) \
	    $(addprefix $(POLICYDIR)/,$(notdir $(POLICIES))))
	-rmdir $(DESTDIR)$(LIBEXECDIR)/hookwright/in $(DESTDIR)$(LIBEXECDIR)/hookwright $(DESTDIR)$(DOCDIR) $(DESTDIR)$(POLICYDIR) $(DESTDIR)$(dir $(POLICYDIR)) 2>/dev/null

# ---- packages, below $(OUT) ----

OUT        ?= $(O)/out
MAINTAINER ?= $(shell git log -1 --format='%aN <%aE>' 2>/dev/null)
# The date of all files in packages, so that the same sources make the same bytes.
EPOCH       = $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),1)
STAGE       = $(O)/stage
ARCH        = $(shell $(PKG_CONFIG) --version >/dev/null 2>&1; uname -m)
MUSL_VERSION = $(shell dpkg-query -W -f '$${Version}' musl-dev 2>/dev/null)
version_of  = $(shell PKG_CONFIG_LIBDIR=$(MUSL)/lib/pkgconfig pkg-config --modversion $1 2>/dev/null)
PACKAGING   = SOURCE_DATE_EPOCH=$(EPOCH)
# What 'make install' puts under prefix $1, with the programs of flavour $2 (STATIC=1 or nothing).
stage       = @rm -rf $(STAGE) && $(MAKE) --no-print-directory $2 install DESTDIR=$(abspath $(STAGE)) PREFIX=$1 $3 >/dev/null && \
    $(INSTALL) -m 644 .github/CHANGELOG.md README.md $(STAGE)$1/share/doc/hookwright
SBOM        = @$(PACKAGING) cmd/package/sbom.py $(VERSION) libyaml=$(call version_of,yaml-0.1)=MIT=static

tarball: static ## a tar archive of the static programs, to unpack under a prefix
	$(call stage,/usr/local,STATIC=1)
	@rm -rf $(STAGE)/usr/local/lib $(STAGE)/usr/local/include && strip $(STAGE)/usr/local/bin/hookwright $(STAGE)/usr/local/bin/hookwright-runtime
	@$(INSTALL) -m 644 LICENSE $(STAGE)/usr/local/share/doc/hookwright
	@$(PACKAGING) cmd/package/tarball.sh $(STAGE)/usr/local $(OUT) hookwright-$(VERSION)-linux-$(ARCH)
	$(SBOM) cjson=$(call version_of,libcjson)=MIT=static musl=$(MUSL_VERSION)=MIT=static >$(OUT)/hookwright-$(VERSION)-linux-$(ARCH).cdx.json
deb: static ## packages for Debian: programs, and the library's development files
	@tests/setup package
	$(call stage,/usr,YAML=shared O=$(O)-deb,LIBDIR=/usr/lib/$(shell dpkg-architecture -qDEB_HOST_MULTIARCH))
	@$(PACKAGING) cmd/package/deb.sh $(STAGE) $(OUT) $(VERSION) '$(MAINTAINER)'
	$(SBOM) cjson=$(shell dpkg-query -W -f '$${Version}' libcjson1)=MIT=shared musl=$(MUSL_VERSION)=MIT=static >$(OUT)/hookwright_$(VERSION).cdx.json
rpm: static ## a package for distributions with rpm, of the static programs
	@tests/setup package
	$(call stage,/usr,STATIC=1)
	@rm -rf $(STAGE)/usr/lib $(STAGE)/usr/include && strip $(STAGE)/usr/bin/hookwright $(STAGE)/usr/bin/hookwright-runtime
	@$(INSTALL) -D -m 644 LICENSE $(STAGE)/usr/share/licenses/hookwright/LICENSE
	@cmd/package/compress-man.sh $(STAGE)/usr/share/man
	@mkdir -p $(OUT) && $(PACKAGING) rpmbuild -bb --quiet --nodeps --define '_topdir $(abspath $(O))/rpm' \
	    --define '_rpmdir $(abspath $(OUT))' --define '_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' \
	    --define 'packager $(MAINTAINER)' --define 'hw_version $(VERSION)' --define 'stage $(abspath $(STAGE))' --define 'hw_maintainer $(MAINTAINER)' \
	    --define "hw_date $$(LC_ALL=C date -u -d @$(EPOCH) '+%a %b %d %Y')" --define 'hw_url $(HOMEPAGE)' \
	    --define 'clamp_mtime_to_source_date_epoch 1' --define 'use_source_date_epoch_as_buildtime 1' --define '_buildhost localhost' \
	    cmd/package/hookwright.spec
	@ls $(OUT)/hookwright-$(VERSION)-*.rpm
	$(SBOM) cjson=$(call version_of,libcjson)=MIT=static musl=$(MUSL_VERSION)=MIT=static >$(OUT)/hookwright-$(VERSION)-1.cdx.json

goldens: ready ## write anew what commands print (tests/cases), and what is said of real trees and documents (tests/golden)
	@HW_GOLDEN=update $(TEST_ENV) $(ENTER) tests/run $(RUNFLAGS) tests/cases/run tests/e2e/catalogue.sh tests/e2e/engine-documents.sh
manual: all ## make hookwright-rules(7), the page of rules and hookwright-policies(7) from what they tell about
	$(V)$(O)/hookwright lint --rules --format json >$(O)/rules.json
	$(V)$(O)/hookwright lint --runtimes --format json >$(O)/runtimes.json
	$(V)/usr/bin/python3 tests/manual/rules.py $(O)/rules.json $(O)/runtimes.json >$(O)/rules.7
	$(V)cp $(O)/rules.7 cmd/man/hookwright-rules.7
	$(V)/usr/bin/python3 tests/manual/rules-page.py $(O)/rules.json >$(O)/rules.md
	$(V)cp $(O)/rules.md cmd/man/rules.md
	$(V)awk -f tests/manual/policies.awk $(POLICIES) >$(O)/policies.7
	$(V)cp $(O)/policies.7 cmd/man/hookwright-policies.7

SOURCES    := $(wildcard cmd/*.[ch] cmd/*/*.[ch] lib/*.[ch] lib/*/*.[ch] lib/*/*/*.[ch] tests/*/*.[ch])
SCRIPTS    := cmd/package/*.sh tests/static $(wildcard tests/install/package/*.sh) tests/setup tests/truth/newer $(wildcard .ci/run tests/*/*.sh) $(filter-out %/check-layers,$(wildcard tests/lint/check-*)) cmd/completion/hookwright.bash
format: ## rewrite the C sources with clang-format
	clang-format -i $(SOURCES)
format-check: ## fail if clang-format would change anything
	clang-format --dry-run -Werror $(SOURCES)
# clangd looks for this file in build/, too. One command a line, with the source for @.
COMPILE     = $(CC) $(CPPFLAGS) $(CFLAGS) $(XCFLAGS) -c -o /dev/null
compile_commands.json: ## how to compile each source, for clangd and others, in build/
	@mkdir -p $(O)
	@printf '%s\n' $(filter %.c,$(SOURCES)) | awk -v command='$(subst ','\'',$(subst \,\\,$(COMPILE)))' \
	    'BEGIN { gsub(/[\\"]/, "\\\\&", command); print "[" } \
	    { printf "%s{\"directory\": \"$(CURDIR)\", \"file\": \"%s\", \"command\": \"%s %s\"}", \
	      (NR > 1 ? ",\n" : ""), $$1, command, $$1 } END { print "\n]" }' >$(O)/compile_commands.json
lint: ## cppcheck and shellcheck
	cppcheck -q --std=c11 --enable=warning,portability,performance --inline-suppr \
	    --suppressions-list=tests/lint/cppcheck-suppressions --error-exitcode=1 -D_GNU_SOURCE -DHW_VERSION='""' -DHW_RULES_URI='""' -Ilib -Icmd lib cmd
	shellcheck -x -e SC2016,SC2034,SC2317 $(SCRIPTS)
clean: ## remove every build directory
	rm -rf build build-*

-include $(wildcard $(addprefix $(O)/,*/*.d */*/*.d */*/*/*.d))
