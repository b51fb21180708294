# Needs: Python 3.11 or newer, and make. Everything else arrives locked by hash in .venv.
PYTHON ?= python3
PY = .venv/bin/python
TYPED = config organizations workflow pages intake accounts policies talents academies competitions subsidies audits reports portal

.DEFAULT_GOAL := help
.PHONY: help run test test-browser attack check bench fmt shell rulebook lock clean

help: ## 列出所有命令
	@awk -F ':.*## ' '/^[a-z.\/-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

.venv/.ok: requirements-dev.lock ## 只安装依赖（按哈希锁定）
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("需要 Python 3.11 或更高版本，当前为 %d.%d；可用 make PYTHON=python3.12 指定" % sys.version_info[:2])'
	@$(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: .venv/.ok ## 启动全部服务（PORT 默认 8000），首次运行载入演示数据
	@exec $(PY) -m config.launcher

test: .venv/.ok ## 在一次性数据库上运行全部测试（不含浏览器测试）
	@$(PY) -m pytest -n 3 --ignore=tests/browser

test-browser: .venv/.ok ## 浏览器测试：需要 Chromium（/usr/bin/chromium 或 CHROMIUM=路径）
	@$(PY) -m pytest -n 2 tests/browser

attack: .venv/.ok ## 攻击测试：恶意文件、猜密码、篡改留痕、绕过数据库规则；争抢各200轮
	@$(PY) -m pytest -n 2 -m attack

check: .venv/.ok ## 静态检查：ruff、mypy、导入方向、迁移、生产配置
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@DATABASE_URL=postgresql:///not-needed $(PY) -m mypy $(TYPED)
	@$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) -m config.deploy_check

fmt: .venv/.ok ## 自动整理代码格式
	@$(PY) -m ruff format
	@$(PY) -m ruff check --fix

bench: .venv/.ok ## 性能对比（与手写基线同场比较）
	@$(PY) -m benchmarks

shell: .venv/.ok ## 打开 Django 命令行
	@$(PY) manage.py shell

rulebook: .venv/.ok ## 把全部政策打印成 docs/rulebook.md 与 docs/rulebook/
	@$(PY) manage.py rulebook --out docs

lock: .venv/.ok ## 重新锁定依赖
	@for part in "" -local -dev; do $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements$$part.in -o requirements$$part.lock || exit 1; done

clean: ## 删除虚拟环境与缓存（不碰 var/ 里的数据）
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
