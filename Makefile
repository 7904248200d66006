# Gongzhi (共治). Needs make, Python 3.11 or newer with venv, and, for the first run, the package index that
# pip is set up with. Once set up, `demo`, `test`, `lint` and `test-models` work offline.
#
#   make demo         the whole way on the sample case: law, case folder, question, letter
#   make test         ruff, mypy and the tests; light, no torch
#   make test-models  the tests that need gongzhi[models] (sentence-transformers, torch), in an environment of their own
#   make bundle       build/bundle: everything that an office without internet needs (VECTORS=no leaves the vectors out)
#   make wheel        build/dist/gongzhi-….whl
#   make setup lint clean distclean

PYTHON ?= python3
DEMO ?= demo
VECTORS ?= yes
# processes that run the tests (a file stays in one of them)
WORKERS ?= auto
TARGET ?= $(shell uname -m)
ARGS ?=

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c

VENV := .venv
VENV_MODELS := .venv-models
PINNED := -c constraints.txt
# Bytecode is written once, by all cores, after the install and not during it: that was a third of the time.
# The models' environment goes without: the tests load a small part of it and write that part's bytecode.
PIP_INSTALL := -m pip install --disable-pip-version-check --no-compile $(PINNED)
SITE := import sysconfig; print(sysconfig.get_path("purelib"))
# Where a step only adds to an environment, what is there already need not be told again.
ADDED := | { grep -v '^Requirement already satisfied' || true; }
# A plain `torch` may bring gigabytes of CUDA; this release is installed first and then kept.
TORCH := torch==2.13.0

.PHONY: help setup demo test test-models lint bundle wheel clean distclean
.DELETE_ON_ERROR:

help:
	@sed -n '4,9s/^#   //p' Makefile

define new_venv
	@command -v $(PYTHON) >/dev/null || { \
		echo "找不到 $(PYTHON)。请安装 Python 3.11 或更新的版本（Debian：apt install python3 python3-venv），或用 make PYTHON=… 指定。" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) 是 $$($(PYTHON) -V 2>&1)，需要 3.11 或更新的版本。装有新版本时，可用 make PYTHON=python3.12 指定。" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) 缺少 venv 模块。请先安装（Debian：apt install python3-venv）。" >&2; exit 1; }
	@echo "── 建立环境 $(1)"
	@test -x $(1)/bin/python || $(PYTHON) -m venv $(1)
	@printf '*\n' > $(1)/.gitignore
endef

define compile
	@echo "── 编译 $(1)"
	@$(1)/bin/python -W ignore -m compileall -qq -j 0 $(1)/lib || true
endef

$(VENV)/.ready: pyproject.toml constraints.txt
	$(call new_venv,$(VENV))
	@echo "── 安装共治及所需的包（首次约一两分钟）"
	@$(VENV)/bin/python $(PIP_INSTALL) -e .
	$(call compile,$(VENV))
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	@echo "── 安装测试工具"
	@$(VENV)/bin/python $(PIP_INSTALL) -e '.[dev]' $(ADDED)
	$(call compile,$(VENV))
	@touch $@

# It adds to the packages of the other environment (a .pth file leads there) instead of installing them once more.
$(VENV_MODELS)/.ready: pyproject.toml constraints.txt $(VENV)/.ready-dev
	$(call new_venv,$(VENV_MODELS))
	@echo "── 先安装 $(TORCH)，再安装 gongzhi[models]（约 1 GB，首次约一两分钟）"
	@$(VENV)/bin/python -c '$(SITE)' > "$$($(VENV_MODELS)/bin/python -c '$(SITE)')/gongzhi-base.pth"
	@$(VENV_MODELS)/bin/python $(PIP_INSTALL) $(TORCH)
	@$(VENV_MODELS)/bin/python $(PIP_INSTALL) -e '.[dev,models]' $(ADDED)
	@touch $@

setup: $(VENV)/.ready
	@echo "已就绪：$(VENV)/bin/gongzhi --help"

demo: $(VENV)/.ready
	@$(VENV)/bin/gongzhi demo --folder $(DEMO)

lint: $(VENV)/.ready-dev
	@echo "── ruff"
	@$(VENV)/bin/python -m ruff check .
	@echo "── mypy"
	@$(VENV)/bin/python -m mypy

test: $(VENV)/.ready-dev lint
	@echo "── pytest"
	@$(VENV)/bin/python -m pytest -n $(WORKERS) --dist loadscope $(ARGS)

test-models: $(VENV_MODELS)/.ready
	@echo "── pytest -m models"
	@$(VENV_MODELS)/bin/python -m pytest -m models $(shell grep -rl mark.models tests --include=*.py) $(ARGS)

bundle: $(VENV)/.ready
	@bash packaging/bundle.sh $(VENV) build/bundle "$(TARGET)" "$(VECTORS)"

wheel: $(VENV)/.ready
	@echo "── 打包"
	@rm -rf build/dist
	@$(VENV)/bin/python -m pip wheel --disable-pip-version-check --no-deps $(PINNED) -w build/dist .

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find api assistant eval indexes ingestion prompts tests -name __pycache__ -prune -exec rm -rf {} +

distclean: clean
	rm -rf $(VENV) $(VENV_MODELS) $(DEMO)
