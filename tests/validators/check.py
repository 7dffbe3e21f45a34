#!/usr/bin/env python3
"""Reads every report that make.py has written, as those do whom it is for: check.py OUT [GITLAB-SCHEMA]."""

import base64
import csv
import datetime
import gzip
import html.parser
import io
import json
import pathlib
import sys
import urllib.parse
import xml.etree.ElementTree

from expect import end, expect

NAMES = ["tree", "history", "message", "incomplete", "nothing", "many"]
FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


def main():
    out = pathlib.Path(sys.argv[1])
    schema = json.loads(pathlib.Path(sys.argv[2]).read_text()) if len(sys.argv) > 2 else None
    for name in NAMES:
        report = Report(out, name)
        for check in [report.jsonl, report.sarif, report.junit, report.csv, report.gitleaks, report.asff, report.github,
                      report.markdown, report.html, lambda: report.gitlab(schema)]:
            check()
    no_secret(out)
    end()


class Report:
    def __init__(self, out, name):
        self.out, self.name = out, name
        lines = [json.loads(line) for line in self.text("jsonl").splitlines()]
        self.lines, self.summary = lines, lines[-1]
        self.findings = [line for line in lines if line["type"] == "finding"]
        self.places = sum(len(finding["occurrences"]) for finding in self.findings)

    def text(self, format):
        """Strictly UTF-8."""
        return (self.out / f"{self.name}.{format}").read_bytes().decode()

    def expect(self, holds, what):
        expect(holds, f"{self.name}: {what}")

    def jsonl(self):
        self.expect(self.summary["type"] == "summary", "the last line is the summary")
        self.expect(self.summary["findings"] == len(self.findings), "the summary counts the findings")
        least = {"tree": 15, "history": 30, "message": 10, "many": 30_000}.get(self.name, 0)
        self.expect(len(self.findings) >= least, f"{len(self.findings)} findings are {least} at least")
        self.expect(self.summary["complete"] == (self.name != "incomplete"), "complete is what it is")

    def sarif(self):
        """Its form is Microsoft's validator's business; here are GitHub's limits, and that nothing is lost."""
        for kind in ["sarif", "github.sarif", "azure.sarif"]:
            log = json.loads(self.text(kind))
            results = [result for run in log["runs"] for result in run["results"]]
            if kind == "sarif":
                self.expect(len(results) == len(self.findings), f"{kind}: every finding is a result")
            self.expect(len(log["runs"]) <= 20, f"{kind}: 20 runs")
            most = 5000 if kind == "github.sarif" else 25_000
            self.expect(all(len(run["results"]) <= most for run in log["runs"]), f"{kind}: {most} results a run")
            categories = [run["automationDetails"]["id"] for run in log["runs"]]
            # Azure's id is the pipeline's, whatever the run.
            if kind != "azure.sarif":
                self.expect(len(set(categories)) == len(categories), f"{kind}: a category for each run")
            packed = len(gzip.compress(self.text(kind).encode(), 6))
            self.expect(packed < 10_000_000, f"{kind}: 10 MB packed: {packed}")
            locations = (1 + len(result.get("relatedLocations", [])) for result in results)
            self.expect(all(count <= 1000 for count in locations), f"{kind}: 1,000 locations")

    def gitlab(self, schema):
        report = json.loads(self.text("gitlab"))
        self.expect(len(report["vulnerabilities"]) == len(self.findings), "GitLab: every finding is a vulnerability")
        status = "success" if self.summary["complete"] else "failure"
        self.expect(report["scan"]["status"] == status, "GitLab: the status")
        if schema is None:
            print(f"{self.name}: GitLab's schema is skipped")
            return
        import jsonschema
        kind = jsonschema.validators.validator_for(schema)
        first = next(kind(schema, format_checker=kind.FORMAT_CHECKER).iter_errors(report), None)
        self.expect(first is None, f"GitLab's schema {schema['self']['version']}: {first and first.message[:300]}")

    def junit(self):
        root = xml.etree.ElementTree.fromstring(self.text("junit"))
        cases = list(root.iter("testcase"))
        self.expect(root.tag == "testsuites", "JUnit: the root")
        for suite in [root, root.find("testsuite")]:
            for count, tag in [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]:
                self.expect(int(suite.get(count)) == len(list(suite.iter(tag))), f"JUnit: {count} are counted")
        self.expect(len(cases) == len(self.findings) + 1, "JUnit: a test for each finding, and one for completeness")
        self.expect(all(case.get("name") and case.get("classname") for case in cases), "JUnit: names")
        self.expect(bool(list(root.iter("error"))) != self.summary["complete"], "JUnit: incomplete is an error")

    def csv(self):
        text = (self.out / f"{self.name}.csv").read_bytes().decode()
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        self.expect({len(row) for row in rows} == {23}, "CSV: 23 columns in each row")
        formulas = [cell for row in rows for cell in row if cell.strip().startswith(FORMULA)]
        self.expect(not formulas, f"CSV: no formulas: {formulas[:3]}")
        found = sum(row[0] == "finding" for row in rows)
        self.expect(found == self.places, "CSV: a row for each place")
        self.expect(rows[-1][0] == "summary", "CSV: the last row")

    def gitleaks(self):
        """The fields of gitleaks' own report, and of the types that a program in Go demands."""
        leaks = json.loads(self.text("gitleaks-json"))
        self.expect(len(leaks) == self.places, "gitleaks: one for each place")
        words = ["RuleID", "Description", "Match", "Secret", "File", "SymlinkFile", "Commit", "Author", "Email", "Date",
                 "Message", "Fingerprint"]
        for leak in leaks[:1000]:
            good = all(isinstance(leak[word], str) for word in words) and isinstance(leak["Entropy"], (int, float))
            numbers = all(leak[number] >= 1 for number in ["StartLine", "EndLine", "StartColumn", "EndColumn"])
            tags = all(isinstance(tag, str) for tag in leak["Tags"])
            if leak["Date"]:
                datetime.datetime.strptime(leak["Date"], "%Y-%m-%dT%H:%M:%SZ")
            if not (good and numbers and tags):
                self.expect(False, f"gitleaks: {leak}")

    def asff(self):
        """The limits of BatchImportFindings, and of the fields: AwsSecurityFinding in the API reference of Security Hub."""
        files = sorted(self.out.glob(f"{self.name}-*.asff")) or sorted(self.out.glob(f"{self.name}.asff"))
        batches = [json.loads(line) for file in files for line in file.read_bytes().decode().splitlines()]
        findings = [finding for batch in batches for finding in batch]
        extra = 0 if self.summary["complete"] else 1
        self.expect(len(findings) == len(self.findings) + extra, "ASFF: every finding")
        self.expect(all(1 <= len(batch) <= 100 for batch in batches), "ASFF: 100 a batch")
        sizes = [len(json.dumps(batch, ensure_ascii=False).encode()) for batch in batches]
        self.expect(all(size <= 6_000_000 for size in sizes), "ASFF: 6 MB a batch")
        ids = [finding["Id"] for finding in findings]
        self.expect(len(ids) == len(set(ids)), "ASFF: ids are different")
        required = ["AwsAccountId", "CreatedAt", "Description", "GeneratorId", "Id", "ProductArn", "Resources",
                    "SchemaVersion", "Severity", "Title", "Types", "UpdatedAt"]
        longest = {"Title": 256, "Description": 1024, "Id": 512, "GeneratorId": 512}
        for finding in findings:
            good = all(finding.get(field) for field in required)
            good &= all(len(finding[field]) <= most for field, most in longest.items())
            good &= len(json.dumps(finding).encode()) <= 240_000
            good &= 1 <= len(finding["Resources"]) <= 32 and len(finding["ProductFields"]) <= 50
            good &= all(len(key) <= 128 and 0 < len(value) <= 1024 for key, value in finding["ProductFields"].items())
            good &= all(1 <= len(resource["Id"]) <= 512 and len(resource.get("Details", {}).get("Other", {})) <= 50
                        for resource in finding["Resources"])
            good &= finding["Severity"]["Label"] in ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL"]
            good &= len(finding.get("Remediation", {}).get("Recommendation", {}).get("Text", "")) <= 512
            if not good:
                self.expect(False, f"ASFF: {json.dumps(finding)[:400]}")

    def github(self):
        lines = self.text("github").splitlines()
        commands = ("::error ", "::warning ", "::notice ", "and ")
        self.expect(all(line.startswith(commands) for line in lines), "GitHub: nothing but annotations")
        for command in commands[:3]:
            self.expect(sum(line.startswith(command) for line in lines) <= 10, f"GitHub: 10 of {command}")

    def markdown(self):
        text = self.text("markdown")
        self.expect(len(text.encode()) < 1_048_576, "Markdown: below 1 MiB")
        self.expect("<script" not in text, "Markdown: no markup")

    def html(self):
        page = self.text("html")
        tags = Tags()
        tags.feed(page)
        self.expect(tags.count["script"] == 3 and not tags.foreign, f"HTML: the page's own elements: {tags.foreign}")


class Tags(html.parser.HTMLParser):
    """Elements that could run or fetch something."""

    def __init__(self):
        super().__init__()
        self.count, self.foreign = {"script": 0}, []

    def handle_starttag(self, tag, attributes):
        if tag == "script":
            self.count["script"] += 1
        names = {name for name, _ in attributes}
        if tag in ["iframe", "img", "object", "embed", "link", "base", "form"] or any(name.startswith("on") for name in names):
            self.foreign.append((tag, attributes))
        if {"src", "href", "srcdoc"} & names:
            self.foreign.append((tag, attributes))


def images(secret):
    """The forms in which a secret would be one all the same."""
    text = secret.decode()
    yield secret
    for skipped in range(3):
        encoded = base64.b64encode(b"\0" * skipped + secret)
        # Without the characters that the neighbours decide.
        yield encoded[4:-4]
        yield base64.urlsafe_b64encode(b"\0" * skipped + secret)[4:-4]
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    yield urllib.parse.quote(text, safe="").encode()
    yield "".join(f"%{byte:02X}" for byte in secret).encode()
    yield "".join(f"&#{byte};" for byte in secret).encode()
    yield "".join(f"&#x{byte:x};" for byte in secret).encode()
    yield "".join(f"\\u{byte:04x}" for byte in secret).encode()
    yield "".join(f"\\x{byte:02x}" for byte in secret).encode()
    yield text.replace("/", "\\/").encode()
    yield text.replace("/", "&#47;").replace("+", "&#43;").encode()
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    yield secret[::-1]


def no_secret(out):
    secrets = (out / "secrets").read_bytes().split()
    for file in sorted(file for file in out.iterdir() if file.is_file() and file.suffix != ".png" and file.name not in ["secrets", "message"]):
        content = file.read_bytes()
        # Of the many there are many in each report, and a few of them tell.
        looked_for = secrets[-10:] if file.name.startswith("many") else secrets
        shown = [image for secret in looked_for for image in images(secret) if image in content]
        expect(not shown, f"{file.name} holds no secret: {shown[:3]}")


if __name__ == "__main__":
    main()
