// What a page does wrong, in words; an empty list is what one wants. Runs in the page.
() => {
  const found = [];
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const what = (element) => element.outerHTML.slice(0, 80);
  const visible = (element) => element.checkVisibility({ visibilityProperty: true });

  // Structure
  if (!document.documentElement.lang) found.push("the page has no language");
  if (!document.title) found.push("the page has no title");
  if (all("h1").length !== 1) found.push("there must be one h1");
  if (all("main").length !== 1) found.push("there must be one main");
  let last = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const level = Number(heading.tagName[1]);
    if (level > last + 1) found.push(`skips a level: ${what(heading)}`);
    last = level;
  }
  const ids = all("[id]").map((element) => element.id);
  ids.filter((id, place) => ids.indexOf(id) !== place).forEach((id) => found.push(`id twice: ${id}`));
  for (const attribute of ["aria-labelledby", "aria-describedby", "for"])
    for (const element of all(`[${attribute}]`))
      for (const id of element.getAttribute(attribute).split(/\s+/))
        if (!document.getElementById(id)) found.push(`${attribute} refers to nothing: ${what(element)}`);

  // Names
  for (const element of all("a[href], button, summary"))
    if (!element.textContent.trim() && !element.ariaLabel) found.push(`has no name: ${what(element)}`);
  for (const element of all("input, select, textarea"))
    if (!element.labels.length && !element.ariaLabel) found.push(`has no label: ${what(element)}`);
  const named = (element) => element.ariaLabel || element.getAttribute("aria-labelledby");
  for (const element of all("[role=region], section, form, nav"))
    if (!named(element)) found.push(`region has no name: ${what(element)}`);
  for (const element of all("svg"))
    if (element.getAttribute("aria-hidden") !== "true" && !(element.getAttribute("role") === "img" && element.querySelector("title")))
      found.push(`an image without words: ${what(element)}`);
  for (const table of all("table")) {
    if (!table.caption?.textContent.trim()) found.push(`a table without caption: ${what(table)}`);
    for (const head of all("th", table)) if (!head.scope) found.push(`a th without scope: ${what(head)}`);
  }
  for (const element of all(".differs"))
    if (!element.textContent.includes("≠")) found.push(`told by colour alone: ${what(element)}`);
  for (const element of all(".passed, .failed, .error"))
    if (!/[✓✗]/.test(element.textContent)) found.push(`told by colour alone: ${what(element)}`);

  // Keyboard
  for (const element of all("[tabindex]"))
    if (element.tabIndex > 0) found.push(`a tabindex that changes the order: ${what(element)}`);
  for (const element of all("*")) {
    const style = getComputedStyle(element);
    if (/auto|scroll/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1 && element.tabIndex < 0)
      found.push(`scrolls, but not with the keyboard: ${what(element)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth + 1) found.push("the page is wider than the window");

  // Contrast: WCAG 2.2, 1.4.3
  const colour = (text) => {
    const parts = text.match(/[\d.]+/g).map(Number);
    return { rgb: parts.slice(0, 3), alpha: parts[3] ?? 1 };
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let up = element; up; up = up.parentElement) {
      const ground = colour(getComputedStyle(up).backgroundColor);
      if (ground.alpha === 1) return ground.rgb;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (seen.has(element) || !walker.currentNode.data.trim() || /^(SCRIPT|STYLE|title|desc)$/.test(element.tagName)) continue;
    seen.add(element);
    if (!visible(element)) continue;
    const style = getComputedStyle(element);
    const ink = colour(element.closest("svg") ? style.fill : style.color).rgb;
    const [a, b] = [light(ink), light(behind(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const enough = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < enough) found.push(`contrast ${contrast.toFixed(2)}: ${what(element)}`);
  }
  return found;
}
