/** Acts on a thing whose forms ask for more than a reason: links to each form, opened on the thing, for those who may. */
import { Link } from "@tanstack/react-router";
import { useActForms, useSession } from "../api/queries";
import { usePick } from "../i18n";

export function ActLinks({ acts, of }: { acts: readonly string[]; of: string[] }) {
  const pick = usePick();
  const mine = useSession().data?.acts ?? [];
  const forms = useActForms().data ?? [];
  const offered = forms.filter(({ act, request }) => !request && acts.includes(act) && mine.includes(act));
  return offered.map(({ act, name }) => (
    <Link key={act} to="/acts" search={{ act, of }}>
      {pick(name)}
    </Link>
  ));
}
