// Draws the charts of the page, in the colours of the reader's system, and in light ones on paper.
(() => {
  const said = document.getElementById("chart-data").textContent;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const config = { displayModeBar: false, responsive: true, showTips: false, typesetMath: false };
  const onPaper = { alone: 690, beside: 335, height: 0.8 }; // pixels that fit A4 and Letter, and a share of the height

  function draw(printing) {
    const { charts, templates } = JSON.parse(said);
    const template = dark.matches && !printing ? templates.dark : templates.light;
    for (const { id, data, layout } of charts) {
      const place = document.getElementById(id);
      const height = layout.height * (printing ? onPaper.height : 1);
      const width = place.closest(".charts").children.length === 1 ? onPaper.alone : onPaper.beside;
      const size = printing ? { width, height } : { height };
      place.style.height = `${height}px`;
      Plotly.react(place, data, { ...layout, ...size, template }, config);
    }
  }

  draw(false);
  dark.addEventListener("change", () => draw(false));
  window.addEventListener("beforeprint", () => draw(true));
  window.addEventListener("afterprint", () => draw(false));
})();
