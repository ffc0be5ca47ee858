//! Open networks of desks (Jackson): tiers with escalation, hand-backs and customers' replies.
//!
//! In the steady state every desk behaves as if it stood alone with its own Poisson arrivals.

use super::are_rates;
use super::erlang::MMc;

/// A place that tickets visit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Node {
    /// New tickets per unit of time that start here.
    pub external_rate: f64,
    /// Tickets an agent completes per unit of time; the inverse of the mean stay where there is no
    /// limit.
    pub service_rate: f64,
    /// Agents; `None` where any number are served at once, as with tickets that wait for their
    /// customer. Such stays may follow any law.
    pub agents: Option<u32>,
}

/// How a node fares in the steady state.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum NodeState {
    /// Agents serve a line.
    Line(MMc),
    /// Nobody waits; the figure is the mean number present.
    Unlimited(f64),
    /// The agents cannot keep up.
    Overloaded,
}

/// A network in its steady state.
///
/// *Shape*: both lists by node.
#[derive(Clone, PartialEq, Debug)]
pub struct Network {
    /// Visits per unit of time, new tickets and routed ones.
    pub visit_rates: Vec<f64>,
    /// The state of each node.
    pub nodes: Vec<NodeState>,
    external_rate: f64,
}

impl Network {
    /// Solves the network in which a ticket goes from node `i` to node `j` with probability
    /// `routing[i][j]`, and leaves with what remains; nothing where some tickets never leave or a
    /// rate makes no sense.
    ///
    /// *Panics* where `routing` is not a square of as many rows as there are nodes.
    ///
    /// *Source*: Jackson 1957; without a limit, Baskett, Chandy, Muntz and Palacios 1975.
    pub fn new(nodes: &[Node], routing: &[Vec<f64>]) -> Option<Network> {
        let external: Vec<f64> = nodes.iter().map(|node| node.external_rate).collect();
        let visit_rates = visit_rates(&external, routing)?;
        let state = |(node, &λ): (&Node, &f64)| match node.agents {
            None => NodeState::Unlimited(λ / node.service_rate),
            Some(c) => {
                MMc::new(λ, node.service_rate, c).map_or(NodeState::Overloaded, NodeState::Line)
            }
        };
        let nodes = nodes.iter().zip(&visit_rates).map(state).collect();
        Some(Network { visit_rates, nodes, external_rate: external.iter().sum() })
    }

    /// The mean number of tickets anywhere; nothing where a node is overloaded.
    pub fn mean_in_system(&self) -> Option<f64> {
        let present = |node: &NodeState| match node {
            NodeState::Line(line) => Some(line.mean_in_system()),
            NodeState::Unlimited(present) => Some(*present),
            NodeState::Overloaded => None,
        };
        self.nodes.iter().map(present).sum()
    }

    /// The mean time from a ticket's arrival to its end; nothing where a node is overloaded or
    /// nothing arrives.
    pub fn mean_sojourn(&self) -> Option<f64> {
        let present = self.mean_in_system()?;
        (self.external_rate > 0.0).then(|| present / self.external_rate)
    }

    /// The mean number of visits a ticket makes to a node; nothing where nothing arrives.
    ///
    /// *Panics* where there is no such node.
    pub fn mean_visits(&self, node: usize) -> Option<f64> {
        (self.external_rate > 0.0).then(|| self.visit_rates[node] / self.external_rate)
    }
}

/// The visits per unit of time to each node: those of new tickets and of routed ones (the traffic
/// equations). Nothing where some tickets never leave or a figure makes no sense.
///
/// *Panics* where `routing` is not a square of as many rows as there are external rates.
///
/// *Source*: Jackson 1957.
pub fn visit_rates(external: &[f64], routing: &[Vec<f64>]) -> Option<Vec<f64>> {
    let n = external.len();
    assert!(
        routing.len() == n && routing.iter().all(|row| row.len() == n),
        "routing needs a row and a column for each of {n} nodes"
    );
    // Shares that make up a whole may exceed it by their rounding.
    let whole = 1.0 + n as f64 * f64::EPSILON;
    let is_share = |row: &Vec<f64>| are_rates(row) && row.iter().sum::<f64>() <= whole;
    if !are_rates(external) || !routing.iter().all(is_share) {
        return None;
    }
    let balance = |to: usize| {
        let mut row: Vec<f64> = routing.iter().map(|from| -from[to]).collect();
        row[to] += 1.0;
        row
    };
    solve((0..n).map(balance).collect(), external.to_vec())
}

/// Solves linear equations by elimination; nothing where they are singular.
///
/// In every column of the traffic equations the diagonal outweighs the rest together, so that rows
/// need no exchange, nothing cancels off the diagonal, and rates come out positive.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let n = right.len();
    for column in 0..n {
        let (done, below) = matrix.split_at_mut(column + 1);
        let pivot_row = &done[column];
        let pivot = pivot_row[column];
        // Entries are at most 1, so what rounding leaves of a zero is below this.
        if pivot <= n as f64 * f64::EPSILON {
            return None;
        }
        for (row, place) in below.iter_mut().zip(column + 1..) {
            let factor = row[column] / pivot;
            for (entry, above) in row.iter_mut().zip(pivot_row).skip(column) {
                *entry -= factor * above;
            }
            right[place] -= factor * right[column];
        }
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::super::close::{assert_exact, assert_printed};
    use super::*;

    fn agents(external_rate: f64, mean: f64, agents: u32) -> Node {
        Node { external_rate, service_rate: 1.0 / mean, agents: Some(agents) }
    }

    fn customer(mean: f64) -> Node {
        Node { external_rate: 0.0, service_rate: 1.0 / mean, agents: None }
    }

    fn line(network: &Network, node: usize) -> MMc {
        let NodeState::Line(line) = network.nodes[node] else { panic!("node {node} has no line") };
        line
    }

    #[test]
    fn a_published_network() {
        // Bolch et al., Queueing Networks and Markov Chains, example 7.4: processor, printer, disk
        // and input, of which the last receives 4 jobs a second.
        let nodes = [
            agents(0.0, 0.04, 1),
            agents(0.0, 0.03, 1),
            agents(0.0, 0.06, 1),
            agents(4.0, 0.05, 1),
        ];
        let routing = [
            vec![0.0, 0.5, 0.5, 0.0],
            vec![1.0, 0.0, 0.0, 0.0],
            vec![0.6, 0.0, 0.0, 0.0],
            vec![1.0, 0.0, 0.0, 0.0],
        ];
        let network = Network::new(&nodes, &routing).unwrap();
        for (rate, expected) in network.visit_rates.iter().zip([20.0, 10.0, 10.0, 4.0]) {
            assert_exact(*rate, expected);
        }
        for (node, present) in [4.0, 3.0 / 7.0, 1.5, 0.25].into_iter().enumerate() {
            assert_exact(line(&network, node).mean_in_system(), present);
        }
        assert_printed(line(&network, 1).mean_sojourn(), 0.043, 3);
        assert_exact(network.mean_sojourn().unwrap(), (5.75 + 3.0 / 7.0) / 4.0);
        assert_exact(network.mean_visits(0).unwrap(), 5.0);
    }

    #[test]
    fn two_tiers_with_escalation_and_replies() {
        // Of tier 1's touches 30 % escalate and 25 % wait 6 hours for the customer; tier 2 hands
        // 10 % back. λ1 = 12 + 0.25 λ1 + 0.1 x 0.3 λ1, so λ1 = 12 / 0.72 and λ2 = 5.
        let nodes = [agents(12.0, 0.25, 6), agents(0.0, 0.8, 5), customer(6.0)];
        let routing = [vec![0.0, 0.3, 0.25], vec![0.1, 0.0, 0.0], vec![1.0, 0.0, 0.0]];
        let network = Network::new(&nodes, &routing).unwrap();
        assert_exact(network.visit_rates[0], 12.0 / 0.72);
        assert_exact(network.visit_rates[1], 5.0);
        // The customers hold 25 tickets, λ1 / 4 x 6 h.
        let NodeState::Unlimited(away) = network.nodes[2] else { panic!("customers do not queue") };
        assert_exact(away, 25.0);
        assert_printed(line(&network, 0).mean_wait(), 0.044_606_224_53, 11);
        assert_printed(line(&network, 1).mean_wait(), 0.443_290_043_3, 10);
        assert_printed(network.mean_sojourn().unwrap(), 3.010_546_163, 9);
    }

    #[test]
    fn an_overloaded_tier_leaves_the_others_their_figures() {
        let nodes = [agents(12.0, 0.25, 6), agents(0.0, 0.8, 4)];
        let network = Network::new(&nodes, &[vec![0.0, 0.5], vec![0.0, 0.0]]).unwrap();
        assert_eq!(network.nodes[1], NodeState::Overloaded);
        assert_exact(line(&network, 0).mean_busy(), 3.0);
        assert_eq!(network.mean_sojourn(), None);
    }

    #[test]
    fn tickets_that_never_leave_have_no_steady_state() {
        // Two tiers that hand everything to each other.
        assert_eq!(visit_rates(&[1.0, 0.0], &[vec![0.0, 1.0], vec![1.0, 0.0]]), None);
        // Row sums of 1 that rounding hides.
        let rows = [vec![0.1, 0.2, 0.7], vec![0.3, 0.3, 0.4], vec![0.6, 0.1, 0.3]];
        assert_eq!(visit_rates(&[1.0, 1.0, 1.0], &rows), None);
        assert_eq!(visit_rates(&[], &[]), Some(vec![]));
        // More than all of them.
        assert_eq!(visit_rates(&[1.0], &[vec![1.1]]), None);
    }
}
