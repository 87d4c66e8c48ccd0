// Every lesson as a student takes it: each prediction made as it is asked for, in the picture where it is about
// the picture, the task with its controls, and the end. What is walked and what must be read comes from the
// lesson files and catalogues, so a new lesson is walked without a word here. One language predicts right and by
// keyboard, the other wrong and by pointer; every wrong answer is walked on the host.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { COLOURS, axe } from "./axe.mjs";
import { isSaid, languages, lessons, words } from "./lessons.mjs";
import { begin, drawn, learn, until } from "./support.mjs";

begin();

describe("the lessons", { concurrency: 2 }, () => {
  for (const lesson of lessons) {
    for (const language of languages) {
      test(`${lesson.id} in ${language}`, async (t) => {
        const page = await learn(t, `=${lesson.id}.1`, {
          locale: language,
          // Both languages and both themes, for the price of two.
          colorScheme: language === "en" ? "light" : "dark",
          viewport: { width: 1280, height: 860 },
        });
        const walk = new Walk(page, lesson, words(language), language === "en");
        for (const [place, step] of lesson.steps.entries()) await walk.step(place, step);
        await walk.task();
        await walk.end();
      });
    }
  }
});

/** Somebody in a lesson. */
class Walk {
  constructor(page, lesson, say, right) {
    Object.assign(this, { page, lesson, say, right });
  }

  async step(place, step) {
    await this.arrive(`${place + 1}`);
    await this.reads(".learn-tell", step.text);
    await (step.question ? this.asked(step) : this.shows(step));
    await this.facts(step);
    if (this.right) for (const dial of step.controls ?? []) await this.asksWhatIf(dial);
    // Question, answers and what was said to them are still there.
    if (step.question) await this.clean();
    await this.next();
  }

  /** A step with a question: nothing of it is seen before somebody has predicted. */
  async asked(step) {
    const { answers, text: question, form = "choice" } = step.question;
    await this.reads(".question legend", question);
    const ahead = this.page.locator("#learn-show, #learn-after, .learn-ways a.primary");
    assert.equal(await ahead.count(), 0, `${question} comes first`);
    assert.ok(await this.page.locator(".learn-time").isHidden(), `${question}: nothing can be played yet`);
    assert.ok(await this.page.locator("#learn-check").isDisabled(), `${question}: a prediction is made`);
    const wanted = answers.findIndex(({ right = false }) => right === this.right);
    const before = await this.page.locator(".learn-stage").innerHTML();
    await this.predict(step.question, wanted);
    await this.page.locator("#learn-check:enabled").focus();
    await this.page.keyboard.press("Enter");
    await this.revealed(step);
    assert.notEqual(await this.page.locator(".learn-stage").innerHTML(), before, `${question}: the reveal moves something`);
    if (form.moment && answers[wanted].at) {
      assert.notEqual(await this.page.locator(".predicted").innerText(), "");
    } else {
      const given = answers[wanted];
      await this.reads(".feedback", given.feedback, this.say(given.right ? "learn-right" : "learn-wrong"));
    }
    await this.sees(question);
  }

  /** Predicts an answer as the question asks for it. */
  async predict({ form = "choice", answers }, wanted) {
    const answer = answers[wanted];
    const button = this.page.locator(`[data-learn="answer"][data-value="${wanted}"]`);
    if (form.arrow && answer.at && !this.right) {
      const target = await this.page.locator(`[data-target="${wanted}"]`).boundingBox();
      await this.drag(".handle", target.x + target.width / 2, target.y + target.height / 2);
      return;
    }
    if (form.number && answer.value !== undefined) {
      const unit = await this.page.locator(".question .value .unit").innerText();
      const number = answer.value / ({ ms: 1e6, "%": 1e4 }[unit] ?? 1);
      await this.page.locator("#learn-guess").fill(`${number}`);
      return;
    }
    if (form.moment && answer.at) {
      // Which moment is right is the run's to say, and the host's tests': here it is marked both ways.
      const zone = await this.page.locator("#learn-zone").boundingBox();
      await this.drag(".handle", zone.x + zone.width / 2, zone.y + zone.height / 2);
      // The page draws what was dragged with the next frame.
      await drawn(this.page);
      const marked = this.page.locator("#learn-guess-now");
      const dragged = await marked.innerText();
      await this.page.locator("#learn-guess").press("ArrowRight");
      await this.page.waitForFunction((dragged) => document.querySelector("#learn-guess-now").innerText !== dragged, dragged);
      await this.page.locator('[data-learn="earlier"]').click();
      await drawn(this.page);
      assert.equal(await marked.innerText(), dragged, "a drag has its keys and buttons");
      return;
    }
    await button.focus();
    await this.page.keyboard.press("Enter");
  }

  /** Drags something in the picture to a place. */
  async drag(what, x, y) {
    const from = await this.page.locator(what).first().boundingBox();
    await this.page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(x, y, { steps: 3 });
    await this.page.mouse.up();
  }

  /** Waits until the reveal is over. */
  async revealed(step) {
    await this.page.waitForFunction(() => document.activeElement.id === "learn-after");
    await this.reads("#learn-after", step.after);
    await this.toEnd();
  }

  /** What the answer is about stands in the view, however wide the page is. */
  async sees(question) {
    for (const [width, height] of [[390, 844], [1280, 860]]) {
      await this.page.setViewportSize({ width, height });
      await drawn(this.page);
      const seen = await this.page.evaluate(() => {
        const inside = (mark, view) => mark.top >= view.top - 1 && mark.bottom <= view.bottom + 1 && mark.left >= view.left - 1 && mark.right <= view.right + 1;
        const marks = [...document.querySelectorAll("[data-mark]")];
        const lanes = document.querySelector("#learn-lanes").getBoundingClientRect();
        return marks.map((mark) => mark.closest("svg") === null || inside(mark.getBoundingClientRect(), lanes));
      });
      assert.ok(seen.length > 0 && seen.every(Boolean), `${question}: the answer is in sight at ${width}: ${seen}`);
      assert.deepEqual(await this.page.evaluate(collisions), [], `${question}: words are clear of each other and of ways at ${width}`);
    }
  }

  /** Shows a step that asks nothing, by keyboard, to its end. */
  async shows(step) {
    await this.page.locator("#learn-show").focus();
    await this.page.keyboard.press("Enter");
    await this.revealed(step);
  }

  /** Goes to the end of what is shown. */
  async toEnd() {
    await this.page.keyboard.press("End");
    await this.page.waitForFunction(() => {
      const scrub = document.querySelector("#learn-scrub");
      return scrub.value === scrub.max && document.querySelectorAll("#learn-happened li").length > 0;
    });
    await drawn(this.page);
  }

  /** What the prose says of the figures stands on the screen. */
  async facts(step) {
    const shown = await this.page.evaluate(() =>
      Object.fromEntries([...document.querySelectorAll("[data-measure]")].map((it) => [it.dataset.measure, it.innerText])));
    const camel = (name) => name.replace(/(^|-)(.)/g, (_, dash, letter) => letter.toUpperCase());
    for (const { lane = 0, measure, least, most } of step.facts ?? []) {
      const text = shown[`${lane}:${camel(measure)}`];
      if (text === undefined) continue;
      const value = measured(text);
      const about = 0.005 * Math.abs(value);
      assert.ok(value >= least - about && value <= most + about, `${measure} is ${text}, not ${least} to ${most}`);
    }
  }

  /** A value in a sentence is moved by key, and the scene with it; then it is the lesson's again. */
  async asksWhatIf({ control, least, most, step }) {
    const dial = this.page.locator(`#dial-${control.replaceAll("-", "")}`);
    const shown = this.page.locator(`#set-${control.replaceAll("-", "")}`);
    const [before, said] = [await this.page.locator(".learn-stage").innerHTML(), await shown.innerText()];
    const value = Number(await dial.inputValue());
    assert.ok(least <= value && value <= most);
    await dial.press(value + step <= most ? "ArrowRight" : "ArrowLeft");
    await drawn(this.page);
    assert.notEqual(await shown.innerText(), said, `${control}: the sentence says it`);
    assert.notEqual(await this.page.locator(".learn-stage").innerHTML(), before, `${control}: the scene changes`);
    await this.page.locator("#learn-reset").click();
    await drawn(this.page);
    assert.equal(await shown.innerText(), said);
  }

  async task() {
    const { task } = this.lesson;
    await this.arrive("task");
    await this.reads(".learn-tell", task.text);
    assert.equal(await this.page.locator("#learn-done .feedback").count(), 0, "the task is open at first");
    for (const action of task.solution) {
      if (action.set) await this.dial(...action.set);
      else if (action.intervene) await this.intervene(action.intervene);
      else await this.look();
    }
    await this.reads("#learn-done .feedback.right", task.done);
    assert.equal(await this.page.locator("#learn-goals li.met").count(), task.goals.length);
    await this.clean();
    await this.next();
  }

  /** Moves a dial with the arrow keys. */
  async dial(control, value) {
    const dial = this.page.locator(`#dial-${control.replaceAll("-", "")}`);
    const { step } = this.lesson.task.controls.find((it) => it.control === control);
    const moves = (value - Number(await dial.inputValue())) / step;
    await dial.focus();
    for (let move = 0; move < Math.abs(moves); move += 1) {
      await this.page.keyboard.press(moves > 0 ? "ArrowRight" : "ArrowLeft");
    }
    assert.equal(await dial.inputValue(), `${value}`);
  }

  /** Steps to a moment at which a packet is in flight, and acts on it there. */
  async intervene({ at_ns, direction, packet, action }) {
    const kinds = direction === "request" ? ["ping", "request", "beat"] : ["reply", "response"];
    const names = kinds.map((kind) => this.say(`learn-packet-${kind}`).replace("{ $seq }", packet.seq));
    const verb = this.say(`learn-act-${typeof action === "string" ? action : Object.keys(action)[0]}`).split("{")[0];
    await this.stepTo(at_ns);
    const found = await this.page.evaluate(
      ([verb, names]) =>
        [...document.querySelectorAll('#learn-packets [data-learn="intervene"]')].some((button) => {
          const label = button.getAttribute("aria-label").replaceAll("\u00a0", " ");
          if (!label.startsWith(verb) || !names.some((name) => label.endsWith(` ${name}`))) return false;
          button.focus();
          return true;
        }),
      [verb, names],
    );
    assert.ok(found, `${verb}: none of ${names} is in flight at ${at_ns}`);
    const done = await this.page.locator("#learn-interventions li").count();
    await this.page.keyboard.press("Enter");
    await this.page.waitForFunction((done) => document.querySelectorAll("#learn-interventions li").length > done, done);
  }

  /** Steps through the run until the moment shown achieves the task. */
  async look() {
    await this.page.locator("#learn-lanes").focus();
    while ((await this.page.locator("#learn-done .feedback").count()) === 0) {
      assert.ok(!(await this.moment()).last, "the task is achieved before the run's end");
      await this.press("ArrowRight");
    }
  }

  /** Steps on to the last event that is not after a moment. */
  async stepTo(at_ns) {
    await this.page.locator("#learn-lanes").focus();
    while (!(await this.moment()).last) {
      await this.press("ArrowRight");
      if ((await this.moment()).now > at_ns) return this.press("ArrowLeft");
    }
  }

  /** The moment shown, in nanoseconds, its number, and whether it is the last. */
  async moment() {
    const [place, max, now] = await this.page.evaluate(() => {
      const { value, max } = document.querySelector("#learn-scrub");
      return [value, max, document.querySelector("#learn-now").innerText];
    });
    return { place, last: place === max, now: measured(now.match(/\S+\ss$/)[0]) };
  }

  /** Presses a key that leads to another moment. */
  async press(key) {
    const { place } = await this.moment();
    await this.page.keyboard.press(key);
    await this.page.waitForFunction((place) => document.querySelector("#learn-scrub").value !== place, place);
    await drawn(this.page);
  }

  async end() {
    await this.arrive("end");
    const commands = await this.page.locator(".commands code").allInnerTexts();
    const own = `udping serve --script lesson-${lessons.indexOf(this.lesson) + 1}.txt`;
    assert.deepEqual(commands, [...this.lesson.commands, own]);
    assert.equal(await this.page.locator(".sources li").count(), this.lesson.sources.length);
    const done = await this.page.locator(".learn-where a.done").count();
    assert.equal(done, this.lesson.steps.length + 1, "every step and the task are marked as done");
    await this.clean();
    const chooser = this.page.waitForEvent("filechooser");
    await this.page.locator('[data-action="pick"]').filter({ visible: true }).click();
    await chooser;
  }

  /** Waits until the lesson's screen is there. */
  async arrive(screen) {
    const link = `#learn=${this.lesson.id}.${screen}`;
    await this.page.locator(`.learn-where a[aria-current="step"][href="${link}"]`).waitFor();
    await drawn(this.page);
  }

  async next() {
    const next = this.page.locator(".learn-ways a.primary");
    await next.focus();
    await this.page.keyboard.press("Enter");
  }

  /** Waits for an element that says this message, after `before` if that is given. */
  async reads(selector, id, before = "") {
    const element = this.page.locator(selector);
    const wanted = `${before} ${this.say(id)}`.trim();
    await until(this.page, () => element.innerText(), (text) => {
      const seen = text.replace(/\s+/g, " ");
      assert.ok(isSaid(seen, wanted), `${selector} should say “${wanted}”, and says “${seen}”`);
    });
  }

  /** Nothing is inaccessible; the second time that a screen is walked, which is in the dark, colours are asked about. */
  async clean() {
    assert.deepEqual(await axe(this.page, this.right ? undefined : COLOURS), []);
  }
}

/** In the page: words of the lanes that lie on others or on a packet's way, or are cut off. */
function collisions() {
  const found = [];
  // Shapes as their corners on the screen, which are apart if a line between them is.
  const seen = (element, points) => points.map(([x, y]) => {
    const { a, b, c, d, e, f } = element.getScreenCTM();
    return [x * a + y * c + e, x * b + y * d + f];
  });
  const normals = (shape) => shape.map(([x, y], corner) => {
    const [toX, toY] = shape[(corner + 1) % shape.length];
    const length = Math.hypot(toX - x, toY - y) || 1;
    return [(y - toY) / length, (toX - x) / length];
  });
  const reach = (shape, [x, y]) => {
    const along = shape.map(([px, py]) => px * x + py * y);
    return [Math.min(...along), Math.max(...along)];
  };
  const meet = (one, other) => [...normals(one), ...normals(other)].every((normal) => {
    const [[from, to], [least, most]] = [reach(one, normal), reach(other, normal)];
    return from < most - 0.5 && least < to - 0.5;
  });
  for (const picture of document.querySelectorAll("#learn-lanes svg")) {
    const view = picture.getBoundingClientRect();
    const words = [...picture.querySelectorAll("text")].map((text) => {
      // A line of text is taller than its letters.
      const { x, y, width, height } = text.getBBox();
      const [top, bottom] = [y + 2.5, y + height - 3.5];
      return [text.textContent, seen(text, [[x, top], [x + width, top], [x + width, bottom], [x, bottom]])];
    });
    const ways = [...picture.querySelectorAll("path.way")].map((way) => {
      const ends = [0, way.getTotalLength()].map((at) => way.getPointAtLength(at));
      return seen(way, ends.map(({ x, y }) => [x, y]));
    });
    for (const [number, [text, place]] of words.entries()) {
      const across = place.map(([x]) => x);
      if (Math.min(...across) < view.left - 1 || Math.max(...across) > view.right + 1) found.push(`${text} is cut`);
      for (const [other, at] of words.slice(number + 1)) if (meet(place, at)) found.push(`${text} on ${other}`);
      for (const way of ways) if (meet(place, way)) found.push(`${text} on a way`);
    }
  }
  return found;
}

/** A figure as it is shown, in nanoseconds, parts per million, or as it is. */
function measured(text) {
  const [, sign, number, unit] = text.replaceAll("\u00a0", " ").match(/^([−+]?)([\d.,]+) ?(.*)$/);
  const scale = { ms: 1e6, s: 1e9, "µs": 1e3, "%": 1e4 }[unit];
  const value = scale ? Number(number.replace(",", ".")) * scale : Number(number.replace(/[.,]/g, ""));
  return sign === "−" ? -value : value;
}
