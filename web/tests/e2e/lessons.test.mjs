// Every lesson as a student takes it: each wrong answer, then the right one by keyboard, the task with its
// controls, and the end. What is walked and what must be read comes from the lesson files and catalogues, so
// a new lesson is walked without a word here.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { axe } from "./axe.mjs";
import { isSaid, languages, lessons, words } from "./lessons.mjs";
import { drawn, launch, openTab, serve, until } from "./support.mjs";

let server, browser;

before(async () => {
  [server, browser] = [await serve(), await launch()];
});

after(async () => {
  await browser?.close();
  await server?.close();
});

describe("the lessons", { concurrency: 2 }, () => {
  for (const lesson of lessons) {
    for (const language of languages) {
      test(`${lesson.id} in ${language}`, async (t) => {
        const tab = await openTab(browser, `${server.url}#learn=${lesson.id}.1`, {
          locale: language,
          // Both languages and both themes, for the price of two.
          colorScheme: language === "en" ? "light" : "dark",
          viewport: { width: 1280, height: 860 },
        });
        t.after(() => tab.close());
        const walk = new Walk(tab.page, lesson, words(language));
        for (const [place, step] of lesson.steps.entries()) await walk.step(place, step);
        await walk.task();
        await walk.end();
        assert.deepEqual(tab.complaints, []);
      });
    }
  }
});

/** Somebody in a lesson. */
class Walk {
  constructor(page, lesson, say) {
    Object.assign(this, { page, lesson, say });
  }

  async step(place, step) {
    await this.arrive(`${place + 1}`);
    await this.reads(".learn-tell", step.text);
    if (step.question) await this.asked(step);
    await this.shows(step);
    await this.facts(step);
    // Question, answers and what was said to them are still there.
    await this.clean();
    await this.next();
  }

  /** A step with a question: nothing of it is seen before somebody has predicted. */
  async asked(step) {
    const { answers, text: question } = step.question;
    await this.reads(".question legend", question);
    assert.equal(await this.page.locator("#learn-show, #learn-after").count(), 0, `${question} comes first`);
    assert.ok(await this.page.locator(".learn-time").isHidden(), `${question}: nothing can be played yet`);
    const wrong = [...answers.keys()].filter((number) => !answers[number].right);
    for (const number of wrong) {
      await this.answer(number).click();
      await this.reads(".feedback.wrong-answer", answers[number].feedback, this.say("learn-wrong"));
      await this.page.locator("#learn-show").click();
      await this.reads("#learn-after", step.after);
      const marked = await this.page.locator(".answer.right").innerText();
      assert.ok(isSaid(marked.replace(/\s+/g, " "), this.say(answers.find(({ right }) => right).text)), marked);
      await this.page.locator('[data-learn="again"]').click();
      await this.page.locator("#learn-after").waitFor({ state: "detached" });
    }
    const right = answers.findIndex((answer) => answer.right);
    await this.answer(right).focus();
    await this.page.keyboard.press("Enter");
    await this.reads(".feedback.right", answers[right].feedback, this.say("learn-right"));
  }

  answer(number) {
    return this.page.locator(`[data-learn="answer"][data-value="${number}"]`);
  }

  /** Shows the step, by keyboard, to its end. */
  async shows(step) {
    if (step.question) await this.page.waitForFunction(() => document.activeElement.id === "learn-show");
    else await this.page.locator("#learn-show").focus();
    await this.page.keyboard.press("Enter");
    await this.page.waitForFunction(() => document.activeElement.id === "learn-after");
    await this.reads("#learn-after", step.after);
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
    assert.deepEqual(commands, this.lesson.commands);
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

  async clean() {
    assert.deepEqual(await axe(this.page), []);
  }
}

/** A figure as it is shown, in nanoseconds, parts per million, or as it is. */
function measured(text) {
  const [, sign, number, unit] = text.replaceAll("\u00a0", " ").match(/^([−+]?)([\d.,]+) ?(.*)$/);
  const scale = { ms: 1e6, s: 1e9, "µs": 1e3, "%": 1e4 }[unit];
  const value = scale ? Number(number.replace(",", ".")) * scale : Number(number.replace(/[.,]/g, ""));
  return sign === "−" ? -value : value;
}
