//! What agents do.

use housevoice::engine::*;
use housevoice::store::Received;

use super::super::ops::{Deed, Epoch};
use super::super::promises::{self, Verdict};
use super::super::seen::What;
use super::super::support::console;
use super::{BRANDS, Came, NOTE, World, brand_id, words_for};

impl World<'_> {
    /// Open cases first; any conversation for every fifth number, and when none is open.
    pub(super) async fn case(&self, which: usize) -> Option<(usize, ConversationId)> {
        let mut open = Vec::new();
        for of in 0..BRANDS.len() {
            open.extend(
                self.store
                    .open_cases(&brand_id(of))
                    .await
                    .unwrap()
                    .into_iter()
                    .map(|case| (of, case.case.conversation)),
            );
        }
        if open.is_empty() || which % 5 == 4 {
            let ledger = self.ledger.lock().unwrap();
            open = ledger.live.keys().map(|id| (ledger.addresses[id].brand, *id)).collect();
        }
        (!open.is_empty()).then(|| open[which % open.len()])
    }

    pub(super) fn deed(&self, of: usize, conversation: ConversationId, agent: &Agent, deed: Deed) -> AgentAction {
        let stands = self.ledger.lock().unwrap().live.get(&conversation).cloned();
        let epoch = stands.as_ref().map_or(1, |c| c.epoch);
        let team = stands.as_ref().and_then(|c| c.case().map(|case| case.team.clone()));
        let words = words_for(of, conversation);
        match deed {
            Deed::Claim(Epoch::Fresh) => AgentAction::Claim { epoch: Some(epoch) },
            Deed::Claim(Epoch::Stale) => AgentAction::Claim { epoch: Some(epoch.saturating_sub(1)) },
            Deed::Claim(Epoch::Any) => AgentAction::Claim { epoch: None },
            Deed::Reply => AgentAction::Reply { text: words, attachments: Vec::new() },
            Deed::Spoke => AgentAction::Spoke { text: words },
            Deed::Note => {
                self.seen.saw(What::Note);
                AgentAction::Note(NoteText::new(format!("{NOTE} of {}, {words}", agent.id)))
            }
            Deed::HandBack => AgentAction::HandBack,
            Deed::Release => AgentAction::Release,
            Deed::Transfer(0) => AgentAction::Transfer { team: "no-such-team".into() },
            Deed::Transfer(1) => AgentAction::Transfer { team: team.unwrap_or_else(|| "legal".into()) },
            Deed::Transfer(_) => AgentAction::Transfer { team: "legal".into() },
            Deed::Close => AgentAction::Close { outcome: "solved".into() },
        }
    }

    pub(super) fn of_agent(
        &mut self,
        of: usize,
        conversation: ConversationId,
        agent: Agent,
        action: AgentAction,
    ) -> Inbound {
        Inbound {
            brand: brand_id(of),
            platform: console(),
            event_id: format!("e{}", self.number(of)),
            at: self.now,
            to: To::Conversation(conversation),
            event: Event::Agent { agent, action },
        }
    }

    pub(super) async fn act(&mut self, case: usize, agent: usize, deed: Deed) -> Verdict {
        let Some((of, conversation)) = self.case(case).await else { return Ok(()) };
        let agent = agent_of(agent);
        let action = self.deed(of, conversation, &agent, deed);
        let act = self.of_agent(of, conversation, agent, action);
        self.comes(act, 1).await
    }

    pub(super) async fn act_across(&mut self, case: usize, deed: Deed) -> Verdict {
        let Some((of, conversation)) = self.case(case).await else { return Ok(()) };
        self.seen.saw(What::AcrossBrands);
        let agent = agent_of(0);
        let action = self.deed(of, conversation, &agent, deed);
        let act = self.of_agent(1 - of, conversation, agent, action);
        promises::another_brand_does_not_know_it(self.bot.receive(&act).await.unwrap())
    }

    /// Both agents claim it under the epoch that both see; where the store lets them, at the same time.
    pub(super) async fn race(&mut self, case: usize) -> Verdict {
        self.work().await?;
        let Some((of, conversation)) = self.case(case).await else { return Ok(()) };
        let mut inboxes = Vec::new();
        for agent in [agent_of(0), agent_of(1)] {
            let action = self.deed(of, conversation, &agent, Deed::Claim(Epoch::Fresh));
            let claim = self.of_agent(of, conversation, agent, action);
            let received = self.bot.receive(&claim).await.unwrap();
            if let Received::Stored(inbox, _) = received {
                self.came.push(Came::Event(claim, inbox));
                inboxes.push(inbox);
            }
        }
        let [first, second] = inboxes[..] else { return Ok(()) };
        self.seen.saw(What::Race);
        let id = brand_id(of);
        self.ledger.lock().unwrap().race_begins();
        let (a, b) = tokio::join!(self.bot.handle(&id, first), self.bot.handle(&id, second));
        self.ledger.lock().unwrap().race_ends();
        for handled in [a, b] {
            handled.unwrap();
        }
        Ok(())
    }
}

pub(super) fn agent_of(number: usize) -> Agent {
    Agent { id: format!("console:a{number}"), name: ["Robin", "Ana"][number].into() }
}
