import { useTranslation } from "react-i18next";
import { ActButton, ReasonedAct } from "../../acts/ActButton";
import type { Schemas } from "../../api/client";
import { useAgreements, useParties, useResources, useRuleList, useSelections, useSession } from "../../api/queries";
import { Notices } from "../../shell/Notices";
import { State } from "../../shell/State";
import { beijing } from "../../shell/time";
import { Listed } from "./Listed";
import { day, named, plain } from "./options";
import { Signatures } from "./Signatures";

export function Agreements() {
  const { t } = useTranslation();
  const agreements = useAgreements();
  return (
    <>
      <div className="bar">
        <Propose />
      </div>
      <Listed
        of={agreements}
        empty={t("chain.noAgreement")}
        columns={[
          { title: t("common.name"), dataIndex: "title" },
          { title: t("chain.operator"), render: (_, item) => item.operator.name },
          { title: t("chain.term"), render: (_, item) => `${item.term.from} – ${item.term.until}` },
          { title: t("chain.purposes"), render: (_, item) => item.purposes.join(t("marks.list")) },
          {
            title: t("chain.shares"),
            render: (_, item) =>
              item.shares.map(({ party, share }) => `${party.name} ${share / 100}%`).join(t("marks.comma")),
          },
          {
            title: t("chain.capacity"),
            render: (_, item) => <Scale of={item.capacity} />,
          },
          { title: t("common.status"), render: (_, item) => <Standing of={item} /> },
          {
            title: t("chain.documents"),
            render: (_, item) => (
              <>
                <Signatures of={item} />
                <Notices of={item.id} />
              </>
            ),
          },
        ]}
      />
    </>
  );
}

/** The agreed amounts, with what is used of each where it is measured. */
function Scale({ of }: { of: Schemas["Agreement"]["capacity"] }) {
  const { t } = useTranslation();
  return of.map(({ measure, name, quantity, used, percent, nearly_used: nearly, unmeasured }) => (
    <div key={measure}>
      {t(`chain.measures.${measure}`, { defaultValue: name })} {quantity.toLocaleString("en")}
      {used !== undefined && (
        <span className={nearly ? "state-bad" : undefined}> {t("chain.used", { used, percent: percent ?? 0 })}</span>
      )}
      {unmeasured > 0 && ` ${t("chain.unmeasured", { count: unmeasured })}`}
    </div>
  ));
}

/** Where it stands, who has suspended it, and what stops it or lets it go on. */
function Standing({ of }: { of: Schemas["Agreement"] }) {
  const { t } = useTranslation();
  const own = useSession().data?.party.id;
  const state = (of.status as { state?: string }).state;
  const agreement = { of: { agreement: of.id }, revision: of.revision };
  return (
    <div className="stack">
      <State of={of.suspended.length > 0 ? "suspended" : of.status} />
      {of.suspended.map(({ by, at, reason }) => (
        <span key={`${by?.id} ${at}`}>
          {t("chain.suspendedBy", { party: by?.name ?? "", at: beijing(at), reason })}
        </span>
      ))}
      {state === "signed" && (
        <div className="bar">
          <ReasonedAct
            act="agreement.suspend"
            command="suspend_agreement"
            title={t("chain.suspend")}
            danger
            {...agreement}
          />
          {of.suspended.some(({ by }) => by?.id === own) && (
            <ReasonedAct act="agreement.resume" command="resume_agreement" title={t("chain.resume")} {...agreement} />
          )}
        </div>
      )}
      {state === "proposed" && own === of.operator.id && (
        <ReasonedAct
          act="agreement.decline"
          command="decline_amendment"
          title={t("chain.declineProposal")}
          {...agreement}
          of={{ agreement: of.id, terms_sha256: of.terms_sha256 }}
        />
      )}
      {state === "proposed" && own === of.agency.id && (
        <ReasonedAct
          act="agreement.withdraw"
          command="withdraw_amendment"
          title={t("chain.withdrawProposal")}
          {...agreement}
        />
      )}
    </div>
  );
}

interface Share {
  party: string;
  share: number;
}

function Propose() {
  const { t } = useTranslation();
  const parties = useParties().data ?? [];
  const resources = useResources().data;
  const selections = useSelections().data ?? [];
  const clauses = useRuleList("agreement.clauses");
  const purposes = useRuleList("chain.purpose");
  const measures = useRuleList("agreement.capacity");
  return (
    <ActButton
      act="agreement.propose"
      command="propose_agreement"
      title={t("chain.propose")}
      kind="primary"
      initial={{
        from: day(),
        until: day(364),
        shares: [{}],
        clauses: JSON.stringify(Object.fromEntries(clauses.map((clause) => [clause, ""])), null, 2),
      }}
      fields={[
        { kind: "text", name: "title", label: t("common.name") },
        {
          kind: "select",
          name: "operator",
          label: t("chain.operator"),
          options: named(parties.filter(({ role }) => role === "operator")),
        },
        {
          kind: "select",
          name: "selection",
          label: t("chain.selection"),
          options: selections.filter(({ selected }) => selected).map(({ id, title }) => ({ value: id, label: title })),
        },
        { kind: "date", name: "from", label: t("common.from") },
        { kind: "date", name: "until", label: t("common.until") },
        { kind: "many", name: "resources", label: t("chain.resources"), options: named(resources) },
        { kind: "many", name: "purposes", label: t("chain.purposes"), options: plain(purposes) },
        {
          kind: "pairs",
          name: "shares",
          label: t("chain.shares"),
          left: { name: "party", label: t("chain.party"), options: named(parties) },
          right: { name: "share", label: t("chain.sharePercent") },
        },
        ...measures.map((name) => ({
          kind: "integer" as const,
          name,
          label: t(`chain.measures.${name}`, { defaultValue: name }),
          min: 1,
        })),
        { kind: "json", name: "clauses", label: t("chain.clauses") },
      ]}
      build={({ from, until, clauses, shares, ...rest }) => ({
        ...Object.fromEntries(Object.entries(rest).filter(([name]) => !measures.includes(name))),
        capacity: measures.map((measure) => ({ measure, quantity: rest[measure] })),
        shares: shares as Share[],
        clauses: JSON.parse(String(clauses)),
        term: { from, until },
      })}
    />
  );
}
