// SPDX-License-Identifier: Apache-2.0
// Search and filters of 'lint --format html'. Its hash is in html.c. All data is in the document;
// texts of the report are handled as text only, never as markup.
"use strict";
(function () {
	const byId = (id) => document.getElementById(id);
	const main = document.querySelector("main");
	const form = byId("filter");
	const count = byId("count");
	const articles = Array.from(main.querySelectorAll("article"));
	const findings = Array.from(main.querySelectorAll("li"), describe);
	const order = articles.map((article) => ({ article, sections: Array.from(article.querySelectorAll("section")) }));
	let byRule = null; // the same findings in articles by rule, made when first asked for

	function describe(item) {
		const section = item.closest("section");
		const bundle = item.closest("article").querySelector("h2 > span").textContent;

		return {
			item, section, bundle,
			rule: section.dataset.rule,
			title: section.querySelector("h3").textContent,
			severity: item.className.split(" ")[0],
			ignored: item.classList.contains("ignored"),
			text: (bundle + "\n" + section.dataset.rule + "\n" + section.querySelector("h3").textContent +
				"\n" + item.textContent).toLowerCase(),
		};
	}

	// An entry for each value that occurs, with how often.
	function fill(select, key, name) {
		const counts = new Map();

		for (const f of findings)
			counts.set(f[key], { n: (counts.get(f[key]) || { n: 0 }).n + 1, name: f[name] });
		for (const [value, { n, name }] of [...counts].sort((a, b) => (a[0] < b[0] ? -1 : 1)))
			select.add(new Option(`${name} (${n})`, value));
	}

	function element(parent, name, text) {
		const e = parent.appendChild(document.createElement(name));

		e.textContent = text;
		return e;
	}

	// A rule's article has the sections of the bundles that break it.
	function groupByRule() {
		const groups = new Map();

		for (const f of findings) {
			if (!groups.has(f.rule)) {
				const article = document.createElement("article");
				const name = element(element(article, "h2", ""), "span", "");

				for (const part of f.section.querySelector("h3").childNodes)
					name.append(part.cloneNode(true));
				article.append(f.section.querySelector(".why").cloneNode(true));
				groups.set(f.rule, { article, sections: new Map() });
			}
			const group = groups.get(f.rule);

			if (!group.sections.has(f.section)) {
				const section = document.createElement("section");

				element(section, "h3", f.bundle);
				section.append(document.createElement("ol"));
				group.article.append(section);
				group.sections.set(f.section, section);
			}
		}
		return [...groups].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map((entry) => entry[1]);
	}

	function arrange(rules) {
		if (rules && !byRule)
			byRule = groupByRule();
		for (const f of findings) {
			let section = f.section;

			if (rules)
				section = byRule.find((group) => group.sections.has(f.section)).sections.get(f.section);
			section.querySelector("ol").append(f.item);
		}
		for (const { article } of order)
			article.remove();
		for (const { article } of byRule || [])
			article.remove();
		for (const { article } of rules ? byRule : order)
			main.insertBefore(article, byId("nothing"));
	}

	function hideEmpty() {
		const wanted = byId("clean").checked;

		for (const section of main.querySelectorAll("section"))
			section.hidden = !section.querySelector("li:not([hidden])");
		for (const article of main.querySelectorAll("article"))
			article.hidden = article.classList.contains("clean") ? !wanted
				: !article.querySelector("section:not([hidden])");
		byId("nothing").hidden = main.querySelector("article:not([hidden])") !== null;
	}

	function filter() {
		const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
		const rule = byId("rule").value, bundle = byId("bundle").value;
		const all = byId("ignored").checked;
		let shown = 0;

		for (const f of findings) {
			const wanted = byId(f.severity).checked && (all || !f.ignored) &&
				(!rule || f.rule === rule) && (!bundle || f.bundle === bundle) &&
				words.every((word) => f.text.includes(word));

			f.item.hidden = !wanted;
			shown += wanted;
		}
		hideEmpty();
		count.textContent = `${shown} of ${findings.length} shown`;
	}

	fill(byId("rule"), "rule", "title");
	fill(byId("bundle"), "bundle", "bundle");
	form.hidden = false;
	form.addEventListener("submit", (event) => event.preventDefault());
	form.addEventListener("input", filter);
	form.addEventListener("reset", () => setTimeout(() => { arrange(false); filter(); }));
	byId("group").addEventListener("input", (event) => arrange(event.target.value === "rule"));
	filter();
})();
