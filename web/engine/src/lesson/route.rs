//! Where in the Learn room somebody is, and the links that lead there.
//!
//! Text from a link is hostile until read: what names no page is refused.

use udping_link::Seed;

use super::Lesson;

/// How many planning questions there are.
pub const QUESTIONS: usize = 3;

/// A page of the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Route {
    /// The list of lessons.
    #[default]
    List,
    /// A lesson, at one of its screens.
    Lesson {
        /// Which, from 0.
        lesson: usize,
        /// Which of its screens.
        screen: Screen,
    },
    /// A lesson's exercise, under a seed.
    Exercise {
        /// Which lesson's, from 0.
        lesson: usize,
        /// The seed.
        seed: Seed,
    },
    /// The teacher's page.
    Teacher,
    /// The words that lessons explain.
    Glossary,
    /// One of the assignment's planning questions, from 0.
    Question(usize),
}

/// A lesson's screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// One of its steps, from 0.
    Step(usize),
    /// Its task.
    Task,
    /// Its end: the real thing, and the sources.
    End,
}

/// What precedes a page in a link.
const ROOM: &str = "learn";

impl Route {
    /// The page that a link leads to, which is what follows its `#`; `None` if the link is
    /// not one of this room's.
    ///
    /// # Errors
    /// The link itself, if it is one of this room's and leads nowhere.
    #[must_use]
    pub fn parse(fragment: &str, lessons: &[Lesson]) -> Option<Result<Self, String>> {
        let route = fragment.trim_start_matches('#').strip_prefix(ROOM)?;
        let route = match route.strip_prefix('=') {
            Some(route) => route,
            None if route.is_empty() => return Some(Ok(Self::List)),
            None => return None,
        };
        Some(Self::named(route, lessons).ok_or_else(|| route.chars().take(60).collect()))
    }

    pub(super) fn named(route: &str, lessons: &[Lesson]) -> Option<Self> {
        match route {
            "teacher" => return Some(Self::Teacher),
            "glossary" => return Some(Self::Glossary),
            _ => {}
        }
        if let Some(number) = route.strip_prefix("question.") {
            let number = number.parse::<usize>().ok()?.checked_sub(1)?;
            return (number < QUESTIONS).then_some(Self::Question(number));
        }
        let (id, rest) = route.split_once('.').unwrap_or((route, "1"));
        let number = lessons.iter().position(|lesson| lesson.id == id)?;
        let lesson = lessons.get(number)?;
        if let Some(code) = rest.strip_prefix("exercise.") {
            let seed = decode(code)?;
            return Some(Self::Exercise {
                lesson: number,
                seed,
            });
        }
        let screen = match rest {
            "task" => Screen::Task,
            "end" => Screen::End,
            step => {
                let step = step.parse::<usize>().ok()?.checked_sub(1)?;
                (step < lesson.steps.len()).then_some(Screen::Step(step))?
            }
        };
        Some(Self::Lesson {
            lesson: number,
            screen,
        })
    }

    /// The link that leads there, without its `#`.
    #[must_use]
    pub fn fragment(self, lessons: &[Lesson]) -> String {
        let id = |lesson: usize| lessons.get(lesson).map_or("", |lesson| lesson.id.as_str());
        match self {
            Self::List => ROOM.to_owned(),
            Self::Teacher => format!("{ROOM}=teacher"),
            Self::Glossary => format!("{ROOM}=glossary"),
            Self::Question(number) => format!("{ROOM}=question.{}", number + 1),
            Self::Lesson { lesson, screen } => {
                let screen = match screen {
                    Screen::Step(step) => (step + 1).to_string(),
                    Screen::Task => "task".to_owned(),
                    Screen::End => "end".to_owned(),
                };
                format!("{ROOM}={}.{screen}", id(lesson))
            }
            Self::Exercise { lesson, seed } => {
                format!("{ROOM}={}.exercise.{}", id(lesson), encode(seed))
            }
        }
    }

    /// The screen that follows in the same lesson; `None` after its end, and elsewhere.
    #[must_use]
    pub fn next(self, lessons: &[Lesson]) -> Option<Self> {
        let Self::Lesson { lesson, screen } = self else {
            return None;
        };
        let steps = lessons.get(lesson)?.steps.len();
        let screen = match screen {
            Screen::Step(step) if step + 1 < steps => Screen::Step(step + 1),
            Screen::Step(_) => Screen::Task,
            Screen::Task => Screen::End,
            Screen::End => return None,
        };
        Some(Self::Lesson { lesson, screen })
    }

    /// The screen before, in the same lesson.
    #[must_use]
    pub fn previous(self, lessons: &[Lesson]) -> Option<Self> {
        let Self::Lesson { lesson, screen } = self else {
            return None;
        };
        let last = lessons.get(lesson)?.steps.len().checked_sub(1)?;
        let screen = match screen {
            Screen::Step(0) => return None,
            Screen::Step(step) => Screen::Step(step - 1),
            Screen::Task => Screen::Step(last),
            Screen::End => Screen::Task,
        };
        Some(Self::Lesson { lesson, screen })
    }
}

/// Seeds and codes are spread over each other by an odd factor and its inverse, modulo
/// 2⁵³. That hides a seed from a glance, and from nobody who reads this.
const SPREAD: u64 = 0x1d_5f37_59df_4a95;
const GATHER: u64 = inverse(SPREAD);

/// The factor that undoes an odd one, by Newton's iteration.
const fn inverse(odd: u64) -> u64 {
    let mut inverse: u64 = odd;
    let mut round = 0;
    while round < 6 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse)));
        round += 1;
    }
    inverse
}

/// A seed as an exercise's link carries it: a code, and two digits that find a slip.
fn encode(seed: Seed) -> String {
    let code = seed.get().wrapping_mul(SPREAD) & Seed::MAX.get();
    format!("{code:x}{:02x}", code % 251)
}

fn decode(code: &str) -> Option<Seed> {
    let (code, check) = code.split_at_checked(code.len().checked_sub(2)?)?;
    let [code, check] = [code, check].map(|digits| u64::from_str_radix(digits, 16).ok());
    let code = code.filter(|code| *code <= Seed::MAX.get())?;
    (check == Some(code % 251)).then(|| Seed::from_low_bits(code.wrapping_mul(GATHER)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lessons() -> Vec<Lesson> {
        crate::lesson::all().unwrap()
    }

    #[test]
    fn every_place_has_a_link_that_leads_back() {
        let lessons = lessons();
        let mut routes = vec![Route::List, Route::Teacher, Route::Glossary];
        routes.extend((0..QUESTIONS).map(Route::Question));
        for (number, lesson) in lessons.iter().enumerate() {
            let mut route = Route::Lesson {
                lesson: number,
                screen: Screen::Step(0),
            };
            let mut walked = vec![route];
            while let Some(next) = route.next(&lessons) {
                assert_eq!(next.previous(&lessons), Some(route));
                walked.push(next);
                route = next;
            }
            assert_eq!(walked.len(), lesson.steps.len() + 2);
            routes.extend(walked);
            for seed in [0, 1, 77, Seed::MAX.get()] {
                let seed = Seed::from_low_bits(seed);
                routes.push(Route::Exercise {
                    lesson: number,
                    seed,
                });
            }
        }
        for route in routes {
            let link = route.fragment(&lessons);
            assert_eq!(Route::parse(&link, &lessons), Some(Ok(route)), "{link}");
            let marked = format!("#{link}");
            assert_eq!(Route::parse(&marked, &lessons), Some(Ok(route)));
        }
    }

    #[test]
    fn what_leads_nowhere_is_refused_and_what_is_not_ours_is_left() {
        let lessons = lessons();
        for link in [
            "learn=",
            "learn=no-such-lesson",
            "learn=question.0",
            "learn=question.4",
            "learn=first-ping.0",
            "learn=first-ping.99",
            "learn=first-ping.exercise.",
            "learn=first-ping.exercise.zz",
            "learn=first-ping.exercise.ffffffffffffffff00",
        ] {
            assert!(
                matches!(Route::parse(link, &lessons), Some(Err(_))),
                "{link}"
            );
        }
        for link in ["", "#", "log=a.jsonl", "learning", "r=1.x"] {
            assert_eq!(Route::parse(link, &lessons), None, "{link}");
        }
        // One digit off is noticed.
        let route = Route::Exercise {
            lesson: 0,
            seed: Seed::from_low_bits(5),
        };
        let mut link = route.fragment(&lessons);
        let last = link.pop().unwrap();
        link.push(if last == '0' { '1' } else { '0' });
        assert!(matches!(Route::parse(&link, &lessons), Some(Err(_))));
    }

    #[test]
    fn neighbouring_seeds_have_distant_codes() {
        let code = |seed| encode(Seed::from_low_bits(seed));
        assert_ne!(code(1)[..4], code(2)[..4]);
    }
}
