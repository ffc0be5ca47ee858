//! Interventions, and what the desk is while they are in force: the scenario with their changes laid
//! over it, compiled like any other.

use super::super::check::limits;
use super::super::parse::parse;
use super::super::spec::ScenarioSpec;
use super::{Compiler, Happening};
use crate::ids::Mask;
use crate::model::build::ModelBuilder;
use crate::model::context::{Context, find};
use crate::model::intervention::desks::reachable;
use crate::model::intervention::{Intervention, MOST, Trigger};
use crate::problem::{Problem, Problems, Span};
use crate::time::SimTime;

impl Compiler<'_> {
    pub(super) fn interventions(
        &self,
        context: &Context<'_>,
        happenings: &mut Vec<Happening>,
        problems: &mut Problems,
    ) -> Vec<Intervention> {
        let written = self.extras(&self.spec.interventions);
        if let Some(last) = written.get(MOST) {
            problems.push(
                Problem::error(
                    "too-many-interventions",
                    format!("a scenario has at most {MOST} interventions"),
                )
                .at(last.span.clone(), "one too many")
                .help("let one intervention change several things"),
            );
        }
        let mut rules = Vec::new();
        for (index, spec) in written.iter().take(MOST).enumerate() {
            let rule = spec.value.compile(&spec.span, index + 1, context, problems);
            let Some(rule) = rule else { continue };
            if let Trigger::At(at) = rule.trigger {
                let at = at.saturating_add(rule.lag);
                let until = rule.ends(at);
                happenings.push(Happening {
                    at,
                    until: Some(until).filter(|until| *until != SimTime::NEVER),
                    label: rule.name.clone(),
                    kind: "intervention",
                });
            }
            rules.push(rule);
        }
        rules
    }

    /// The desk under every set of interventions that can be in force. Mistakes in what they change
    /// are told once.
    pub(super) fn under_interventions(
        &self,
        rules: &[Intervention],
        problems: &mut Problems,
    ) -> Vec<(Mask, ModelBuilder)> {
        let mut desks = Vec::new();
        for mask in reachable(rules) {
            let mut found = Problems::default();
            let table = self.sources.merge_under(mask, &mut found);
            let mut spec = parse(&table, &mut found);
            self.parts.taken_out().take_out(&mut spec);
            limits(&spec, &mut found);
            self.only_known_names(&spec, &mut found);
            let variant = Compiler { spec: &spec, sources: self.sources, parts: self.parts };
            let parted = variant.part(&mut found);
            for problem in found.iter() {
                if !problems.iter().any(|known| known == problem) {
                    problems.push(problem.clone());
                }
            }
            desks.push((mask, parted.builder));
        }
        desks
    }

    /// Whoever misspells a team in an intervention wants to hear of it, and not to found another one.
    fn only_known_names(&self, spec: &ScenarioSpec, problems: &mut Problems) {
        let owned = |names: &mut dyn Iterator<Item = &str>| -> Vec<String> {
            names.map(str::to_string).collect()
        };
        let (tickets, teams) =
            (owned(&mut self.spec.tickets.names()), owned(&mut self.spec.teams.names()));
        for (name, _) in spec.tickets.iter() {
            find("unknown-ticket", "ticket class", name, &tickets, problems);
        }
        for (name, _) in spec.teams.iter() {
            find("unknown-team", "team", name, &teams, problems);
        }
    }

    /// Where the interventions of a set are written: the last of them.
    pub(super) fn intervention_span(&self, mask: Mask) -> Span {
        let last = (0..MOST).rfind(|index| mask >> index & 1 == 1).unwrap_or(0);
        let written = self.spec.interventions.get(last);
        written.map_or(0..0, |written| {
            written.value.change.as_ref().map_or(written.span.clone(), |change| change.span.clone())
        })
    }
}
