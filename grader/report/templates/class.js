"use strict";
// Sorting and filtering of the tables on the class page. Everything is there without it.
(() => {
  const value = (row, column, kind) => {
    const text = row.cells[column].textContent.trim();
    if (kind === "text") return text.toLowerCase();
    const number = parseFloat(text.replace("−", "-"));
    return Number.isNaN(number) ? -Infinity : number;
  };
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const kind = head.dataset.sort;
      if (!kind) return;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const keyed = rows.map((row, place) => [kind === "order" ? place : value(row, column, kind), place, row]);
        const sign = down ? -1 : 1;
        keyed.sort((a, b) => (a[0] < b[0] ? -sign : a[0] > b[0] ? sign : a[1] - b[1]));
        body.append(...keyed.map((entry) => entry[2]));
        table.dispatchEvent(new Event("sorted"));
      });
    });
  }
  const form = document.getElementById("filter");
  const find = document.getElementById("find");
  const status = document.getElementById("status");
  const shown = document.getElementById("shown");
  const table = document.getElementById("class");
  const body = table.tBodies[0];
  const all = document.getElementById("all");
  const more = document.getElementById("more");
  const PAGE = 500; // rows at once: of thousands a browser makes a picture too slowly while somebody types
  let most = PAGE;
  // José is found by jose.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map(); // of each row what is searched
  const text = (row) => {
    if (!texts.has(row)) texts.set(row, plain(`${row.cells[0].textContent} ${row.cells[3].textContent}`));
    return texts.get(row);
  };
  let test = null; // of which only those are shown who lost points in it
  const filter = () => {
    const wanted = plain(find.value.trim());
    const rows = body.rows; // as they are sorted now
    let count = 0;
    for (const row of rows) {
      const fits =
        (!wanted || text(row).includes(wanted)) &&
        (!status.value || row.cells[2].textContent.split(",")[0].trim() === status.value) &&
        (test === null || (row.dataset.lost ?? "").split(" ").includes(test));
      count += fits;
      row.hidden = !fits || count > most;
    }
    const first = count > most ? `, the first ${most} of them here` : "";
    shown.textContent = `${count} of ${rows.length} shown${first}${test === null ? "" : ": who lost points in one test"}`;
    all.hidden = test === null;
    more.hidden = count <= most;
    more.textContent = `Show ${Math.min(PAGE, count - most)} more of ${count}`;
  };
  const anew = () => {
    most = PAGE;
    filter();
  };
  for (const link of document.querySelectorAll("a[data-test]")) {
    link.addEventListener("click", () => {
      test = link.dataset.test;
      anew();
    });
  }
  all.addEventListener("click", () => {
    test = null;
    anew();
    find.focus();
  });
  more.addEventListener("click", () => {
    most += PAGE;
    filter();
  });
  table.addEventListener("sorted", filter);
  form.hidden = false;
  form.addEventListener("input", anew);
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
  // What is folded away is wanted on paper.
  let opened = [];
  addEventListener("beforeprint", () => {
    most = Infinity;
    filter();
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach((one) => (one.open = true));
  });
  addEventListener("afterprint", () => {
    anew();
    opened.forEach((one) => (one.open = false));
  });
})();
