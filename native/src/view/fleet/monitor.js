// The page of a monitor's targets: asks for the rows each second, and draws them. A target's
// name leads to the lab on it.

const EVERY = 1000, WIDTH = 240, HEIGHT = 28, MOMENTS = 120;
const table = document.querySelector("#targets");
const gone = document.querySelector("#gone");
const { token } = table.dataset;
const rows = new Map();
const number = new Intl.NumberFormat(document.documentElement.lang, { maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });

const shape = (name, attributes) => {
  const it = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) it.setAttribute(key, value);
  return it;
};

const newRow = (name) => {
  const row = document.createElement("tr");
  const heading = document.createElement("th");
  heading.scope = "row";
  const link = document.createElement("a");
  link.textContent = name;
  link.target = "_blank";
  // The lab decodes its address once, and the server a target's name.
  link.href = `/#live=${encodeURIComponent(`live/${token}/${encodeURIComponent(name)}`)}`;
  heading.append(link);
  const cells = ["state", "number", "number", ""].map((kind) => {
    const cell = document.createElement("td");
    cell.className = kind;
    return cell;
  });
  row.append(heading, ...cells);
  return { row, cells };
};

// RTTs between the least and the greatest, and a mark where something was lost.
const picture = (history) => {
  const rtts = history.filter((it) => typeof it === "number");
  const least = Math.min(...rtts), greatest = Math.max(...rtts), span = greatest - least || 1;
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" });
  const losses = history.filter((it) => it === "lost").length;
  const range = rtts.length ? `RTT ${number.format(least)}–${number.format(greatest)} ms` : "RTT –";
  svg.setAttribute("aria-label", `${range}, × ${losses}`);
  const x = (at) => ((MOMENTS - history.length + at) * WIDTH) / MOMENTS;
  let path = "", pen = "M";
  history.forEach((it, at) => {
    if (it === "lost") svg.append(shape("line", { x1: x(at), x2: x(at), y1: 2, y2: HEIGHT - 2 }));
    if (typeof it !== "number") return void (pen = "M");
    const y = HEIGHT - 3 - ((it - least) / span) * (HEIGHT - 6);
    // A moment alone is to be seen, too.
    path += pen === "M" ? `M${x(at) - 1} ${y}L${x(at)} ${y}` : `L${x(at)} ${y}`;
    pen = "L";
  });
  svg.append(shape("path", { d: path }));
  return svg;
};

const draw = (targets) => {
  const names = new Set(targets.map(({ name }) => name));
  for (const [name, { row }] of rows) if (!names.has(name)) row.remove(), rows.delete(name);
  for (const { name, state, loss, rtt_ms: rtt, history } of targets) {
    if (!rows.has(name)) {
      rows.set(name, newRow(name));
      table.tBodies[0].append(rows.get(name).row);
    }
    const [how, lost, took, over] = rows.get(name).cells;
    [how.className, how.textContent] = [state, table.dataset[state]];
    lost.textContent = loss === null ? "–" : percent.format(loss);
    took.textContent = rtt === null ? "–" : `${number.format(rtt)} ms`;
    over.replaceChildren(picture(history));
  }
};

const refresh = async () => {
  try {
    const answer = await fetch(`/monitor/${token}/rows`);
    if (!answer.ok) throw new Error(answer.statusText);
    draw(await answer.json());
    gone.hidden = true;
  } catch {
    gone.hidden = false;
  }
  setTimeout(refresh, EVERY);
};
refresh();
