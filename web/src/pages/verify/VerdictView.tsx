import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { usePick } from "../../i18n";
import type { Verdict } from "../../verify";

export function VerdictView({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation();
  const pick = usePick();
  const steps = (
    <ul aria-label={t("verify.steps")} style={{ listStyle: "none", paddingInlineStart: 0 }}>
      {verdict.passed.map((step) => (
        <li key={step}>✓ {t(`verify.step.${step}`)}</li>
      ))}
      {!verdict.ok && <li>✗ {t(`verify.step.${verdict.failed}`)}</li>}
    </ul>
  );
  if (!verdict.ok) {
    return (
      <Alert
        role="alert"
        type="error"
        showIcon
        title={t("verify.bad")}
        description={
          <>
            <p>
              {pick(verdict.message)} <span className="mono">{verdict.code}</span>
            </p>
            {steps}
          </>
        }
      />
    );
  }
  return (
    <Alert
      role="status"
      type="success"
      showIcon
      title={t("verify.ok")}
      description={
        <>
          <p>{t("verify.position", { index: verdict.index, size: verdict.size, origin: verdict.origin })}</p>
          <p>{t(`verify.suite.${verdict.suite}`)}</p>
          {verdict.witnesses.length > 0 && (
            <p>{t("verify.witnesses", { names: verdict.witnesses.join(t("marks.list")) })}</p>
          )}
          {steps}
          <details>
            <summary>{t("verify.entry")}</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
            <pre className="mono scroll" tabIndex={0}>
              {pretty(verdict.entry)}
            </pre>
          </details>
        </>
      }
    />
  );
}

function pretty(entry: string): string {
  try {
    return JSON.stringify(JSON.parse(entry), null, 2);
  } catch {
    return entry;
  }
}
