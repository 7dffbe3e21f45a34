
"use strict";
(() => {
  // What the report holds is shown as text only: nodes are made here, and get textContent, never markup.
  const page = JSON.parse(document.getElementById("page").textContent);
  const findings = JSON.parse(document.getElementById("findings").textContent);
  const LEVELS = ["critical", "high", "medium", "low", "info"];
  const STEP = 100;
  const LISTED = 8;
  const at = (id) => document.getElementById(id);
  const node = (name, kind, text) => {
    const made = document.createElement(name);
    if (kind) made.className = kind;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const what = (rule) => (page.remedies[rule] || { what: rule }).what;

  // Ages are those of the day on which the page is read.
  const DAY = 86400000;
  const AGES = [[7, "this week"], [31, "this month"], [92, "three months"], [366, "a year"], [Infinity, "older"]];
  const age = (finding) => {
    const time = finding.commit ? Date.parse(finding.commit.date) : NaN;
    if (Number.isNaN(time)) return "not known";
    return AGES.find(([days]) => (Date.now() - time) / DAY <= days)[1];
  };

  findings.forEach((finding, nth) => {
    finding.nth = nth;
    finding.age = age(finding);
    const commit = finding.commit ? [finding.commit.id, finding.commit.summary, finding.commit.date, ...finding.commit.refs] : [];
    const facts = finding.facts.map((fact) => fact.join(" "));
    finding.text = [finding.rule, what(finding.rule), finding.place, finding.id, finding.sure, ...finding.places, ...facts, ...commit]
      .join("\n").toLowerCase();
  });
  findings.sort((a, b) => LEVELS.indexOf(a.severity) - LEVELS.indexOf(b.severity) || b.fails - a.fails || a.nth - b.nth);

  const GROUPS = [
    { key: "severity", title: "Severity", value: (f) => f.severity, order: LEVELS },
    { key: "fails", title: "Outcome", value: (f) => (f.fails ? "fails the run" : "does not fail"), order: ["fails the run", "does not fail"] },
    { key: "confidence", title: "Confidence", value: (f) => f.confidence, order: ["certain", "probable", "possible"] },
    { key: "rule", title: "What", value: (f) => f.rule, name: what },
    { key: "file", title: "Where", value: (f) => f.file, path: true },
    { key: "age", title: "Age", value: (f) => f.age, order: [...AGES.map(([, name]) => name), "not known"] },
  ];
  const chosen = new Map();
  const opened = new Set();
  let words = [];
  let limit = STEP;

  const matches = (finding, except) =>
    GROUPS.every((group) => group.key === except || !chosen.has(group.key) || chosen.get(group.key) === group.value(finding))
    && words.every((word) => finding.text.includes(word));

  const facet = (group, value, count, most) => {
    const button = node("button", "facet");
    button.type = "button";
    if (group.key === "severity") button.classList.add(value);
    if (count === 0) button.classList.add("none");
    const name = node("span", group.path ? "name path" : "name");
    // The end of a path says more than its beginning; isolated, it is not turned round.
    name.append(group.path ? node("bdi", "", value) : (group.name ? group.name(value) : value));
    name.title = value;
    button.append(name, node("span", "number", count.toLocaleString("en")));
    button.style.setProperty("--share", `${most ? (100 * count) / most : 0}%`);
    button.setAttribute("aria-pressed", String(chosen.get(group.key) === value));
    button.addEventListener("click", () => {
      if (chosen.get(group.key) === value) chosen.delete(group.key); else chosen.set(group.key, value);
      limit = STEP;
      show();
    });
    return button;
  };

  const showGroup = (group) => {
    const counts = new Map();
    findings.forEach((finding) => {
      const value = group.value(finding);
      counts.set(value, (counts.get(value) || 0) + (matches(finding, group.key) ? 1 : 0));
    });
    let values = [...counts.keys()];
    if (group.order) values.sort((a, b) => group.order.indexOf(a) - group.order.indexOf(b));
    else values.sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
    const all = values.length;
    if (!group.order && !opened.has(group.key)) values = values.filter((value, nth) => nth < LISTED || chosen.get(group.key) === value);
    const most = Math.max(...counts.values());
    const section = node("div", "group");
    section.append(node("h2", "", group.title), ...values.map((value) => facet(group, value, counts.get(value), most)));
    if (values.length < all) {
      const button = node("button", "all", `and ${(all - values.length).toLocaleString("en")} more`);
      button.type = "button";
      button.addEventListener("click", () => { opened.add(group.key); show(); });
      section.append(button);
    }
    return section;
  };

  const definition = (list, name, value, kind) => {
    if (value === "" || value === null || value === undefined) return;
    list.append(node("dt", "", name), node("dd", kind || "", value));
  };

  const titled = (title, content) => {
    const section = node("div");
    section.append(node("h3", "", title), content);
    return section;
  };

  const remedy = (rule) => {
    const { todo, links } = page.remedies[rule];
    const box = node("div", "todo");
    box.append(node("p", "", todo));
    links.filter((link) => /^https?:[/][/]/.test(link)).forEach((link) => {
      const anchor = node("a", "", link);
      anchor.href = link;
      anchor.rel = "noreferrer noopener";
      const line = node("p");
      line.append(anchor);
      box.append(line);
    });
    return box;
  };

  const facts = (finding) => {
    const list = node("dl", "facts");
    definition(list, "rule", finding.rule, "mono");
    definition(list, "sure", finding.sure);
    finding.facts.forEach(([key, value]) => definition(list, key, value));
    finding.with.forEach((part) => definition(list, "with", part, "mono"));
    definition(list, "encoded", finding.encodings.join(", "));
    if (finding.commit) {
      const { id, date, summary, head, unreachable, refs } = finding.commit;
      definition(list, "since", `${date} ${summary}`);
      definition(list, "commit", id, "mono");
      definition(list, "on", refs.join(", "), "mono");
      definition(list, "now", head ? "still in HEAD" : unreachable ? "no branch leads to it" : "no more in HEAD, but in the history");
    }
    definition(list, "fingerprint", finding.id, "mono");
    return list;
  };

  const body = (finding) => {
    const made = node("div", "body");
    if (finding.snippet) made.append(node("div", "snippet", finding.snippet));
    made.append(titled("What to do", remedy(finding.rule)), titled("What is known", facts(finding)));
    if (finding.places.length) {
      const list = node("ul", "places");
      finding.places.forEach((place) => list.append(node("li", "", place)));
      if (finding.more) list.append(node("li", "", `and ${finding.more.toLocaleString("en")} more`));
      made.append(titled("Other places", list));
    }
    return made;
  };

  const row = (finding) => {
    const item = node("li");
    const card = node("details", `row ${finding.severity}`);
    const head = node("summary");
    const tags = node("span", "tags");
    tags.append(node("span", "tag level", finding.severity), node("span", "tag", finding.confidence));
    if (finding.fails) tags.append(node("span", "tag fails", "fails"));
    const others = finding.places.length + finding.more;
    const where = finding.place + (others ? `  and ${others.toLocaleString("en")} more` : "");
    head.append(node("span", "what", what(finding.rule)), tags, node("span", "where", where), node("span", "secret", finding.secret));
    card.append(head);
    card.addEventListener("toggle", () => { if (card.open && card.childElementCount === 1) card.append(body(finding)); });
    item.append(card);
    return item;
  };

  const show = () => {
    const found = findings.filter((finding) => matches(finding));
    at("groups").replaceChildren(...(findings.length ? GROUPS.map(showGroup) : []));
    at("rows").replaceChildren(...found.slice(0, limit).map(row));
    if (!found.length) at("rows").append(node("li", "empty", findings.length ? "No finding is like that." : "Nothing was found."));
    at("count").textContent = found.length === findings.length ? "" : `${found.length.toLocaleString("en")} of ${findings.length.toLocaleString("en")} findings`;
    at("more").hidden = found.length <= limit;
    at("reset").hidden = chosen.size === 0 && words.length === 0;
  };

  at("search").addEventListener("input", () => {
    words = at("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    limit = STEP;
    show();
  });
  at("reset").addEventListener("click", () => {
    chosen.clear();
    words = [];
    at("search").value = "";
    limit = STEP;
    show();
  });
  at("more").addEventListener("click", () => { limit += STEP; show(); });

  const state = at("state");
  state.textContent = page.completeness;
  state.classList.toggle("bad", !page.complete);
  const fail = page.failing === 1 ? "fails" : "fail";
  at("headline").textContent = page.found + (page.failing ? `, ${page.failing.toLocaleString("en")} ${fail} the run` : "");
  const run = (name, value) => {
    if (value === null || value === "") return;
    const line = node("div");
    line.append(node("dt", "", name), node("dd", "", value));
    at("run").append(line);
  };
  run("mode", page.mode);
  run("repository", page.repository);
  run("branch", page.branch);
  run("revision", page.revision && page.revision.slice(0, 12));
  run("looked at", `${page.documents.toLocaleString("en")} ${page.unit}${page.documents === 1 ? "" : "s"}`);
  run("rules", page.rules.toLocaleString("en"));
  at("unread").hidden = page.unread.length === 0;
  at("unread").querySelector("ul").append(...page.unread.map(({ place, reason }) => {
    const item = node("li");
    item.append(node("code", "", place), `: ${reason}`);
    return item;
  }));
  at("foot").textContent = `Made by keysieve ${page.version}. Secrets are masked as the report was asked to; this page asks the network for nothing.`;
  // On a phone the findings come first.
  if (window.matchMedia("(max-width: 54rem)").matches) document.querySelector(".facets").open = false;
  show();
})();
