# Bản tin nói. Two commands do all the set-up: `make demo` and `make test`.

PORT ?= 8000
LIBRARY ?= demo
VOICE ?= espeak
PYTHON ?= python3
SBOM ?= dist/sbom.cdx.json
ISSUE := 2023-03
SAMPLE := tests/samples/ban-tin/ban-tin-so-3.docx

audiobook := AUDIOBOOK_BASE_URL=http://127.0.0.1:$(PORT) .venv/bin/audiobook
environment := PYTHON=$(PYTHON) .ci/environment
test_packages := chromium default-jre-headless ffmpeg firefox-esr gpodder gstreamer1.0-plugins-good nginx-light poppler-utils webkit2gtk-driver xvfb

# What Python compiled is kept: the tests start hundreds of processes, which would compile the same anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo demo-build test test-long check bench golden lock sbom dist clean

help: ## these lines
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-11s %s\n", $$1, $$2}'

demo: demo-build ## narrate the sample issue, make every edition, open the player (PORT=8000 LIBRARY=demo VOICE=espeak|vieneu)
	@[ "$(VOICE)" = vieneu ] || echo "Nghe cùng số này bằng giọng VieNeu / the same issue with the neural voice:  make demo VOICE=vieneu"
	@$(audiobook) serve --library "$(LIBRARY)" --port $(PORT)

demo-build: ## all of demo but the server
	@$(environment) $(if $(filter vieneu,$(VOICE)),vieneu,base)
	@[ -f "$(LIBRARY)/audiobook.toml" ] || $(audiobook) new "$(LIBRARY)" --title "Bản tin Thanh Bình" \
	  --publisher "Nhà xuất bản Bình Minh (hư cấu)" --licence-number "000-2023/CXBIPH/01-BM" \
	  --supplier "Trung tâm Văn hóa quận Thanh Bình (hư cấu)" --distributor "Nhà xuất bản Bình Minh (hư cấu)" \
	  --phone "024 0000 1234" --email "bantin@thanhbinh.example.vn" --base-url "http://127.0.0.1:$(PORT)"
	@[ -d "$(LIBRARY)/issues/$(ISSUE)" ] || $(audiobook) add "$(SAMPLE)" --library "$(LIBRARY)" --number 3 --date 2023-03-30
	@$(if $(filter vieneu,$(VOICE)),$(audiobook) voices fetch)
	@$(audiobook) produce $(ISSUE) --library "$(LIBRARY)" --voice $(VOICE) --pace slow

test: .venv-test ## install what the tests need, then lint, types, imports and all tests
	@$(MAKE) --no-print-directory check-tools
	@.venv/bin/python -m pytest -n 2 --dist loadfile -m "not long"

test-long: .venv-test ## what takes longer than make test allows: a search for new bad cases, many killed runs, Lighthouse
	@.ci/npm long
	@HYPOTHESIS_PROFILE=search .venv/bin/python -m pytest -n 2 --dist loadfile

check: .venv-test ## what a commit must leave green: make test without the system packages' installation, and pip-audit
	@$(MAKE) --no-print-directory check-tools
	@.venv/bin/python .ci/audit
	@.venv/bin/python -m pytest -n 2 --dist loadfile -q -m "not long"

bench: .venv-test ## time, CPU seconds and peak memory: reading, production, feeds, serving beside nginx, publishing
	@.ci/packages wrk
	@.venv/bin/python tests/bench/reading.py
	@.venv/bin/python tests/bench/editions.py
	@OPENBLAS_NUM_THREADS=1 .venv/bin/python tests/bench/sound.py
	@.venv/bin/python tests/bench/production.py --long
	@.venv/bin/python tests/bench/feeds.py
	@.venv/bin/python tests/bench/serving.py
	@.venv/bin/python tests/bench/publishing.py
	@.venv/bin/python tests/bench/manuscripts.py
	@.venv/bin/python tests/bench/voices.py floor long vieneu cluster inspection
	@.venv/bin/python tests/bench/search.py

golden: .venv-test ## write the golden files anew; review them as a diff
	@.venv/bin/python -m pytest -q tests --save-golden

lock: ## resolve the dependencies anew (needs uv)
	@.ci/lock

sbom: ## the list of all parts that run in it, as CycloneDX (SBOM=dist/sbom.cdx.json)
	@mkdir -p $(dir $(SBOM))
	@.venv/bin/cyclonedx-py requirements --pyproject pyproject.toml --mc-type application --output-reproducible \
	  --output-file $(SBOM) requirements.lock

dist: .venv-test ## wheel, sdist and list of parts, with their checksums, in dist/; asks pip-audit and must be answered
	@.venv/bin/python .ci/audit --strict
	@rm -rf dist
	@.venv/bin/python -m build --no-isolation --outdir dist . >/dev/null
	@$(MAKE) --no-print-directory sbom
	@cd dist && sha256sum * >SHA256SUMS && ls -l

clean: ## remove the environment and the demo
	rm -rf .venv demo

.PHONY: .venv-test check-tools
.venv-test:
	@.ci/packages $(test_packages)
	@$(environment) test
	@.ci/npm

check-tools:
	@.venv/bin/ruff check --quiet . && .venv/bin/ruff format --check --quiet . || { .venv/bin/ruff format --diff --quiet . | head -40; exit 1; }
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo 2>/dev/null || .venv/bin/lint-imports
