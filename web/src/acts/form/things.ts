/** The things on record that an id can name, by the prefix of their ids. */
import {
  useAgreements,
  useConsents,
  useParties,
  usePeople,
  usePosts,
  useProducts,
  useResources,
  useScenarios,
} from "../../api/queries";

export interface Thing {
  value: string;
  label: string;
}

const named = (items: readonly { id: string; name: string }[] | undefined): Thing[] =>
  (items ?? []).map((item) => ({ value: item.id, label: `${item.name} (${item.id})` }));

const unnamed = (items: readonly { id: string }[] | undefined): Thing[] =>
  (items ?? []).map((item) => ({ value: item.id, label: item.id }));

/** What can be chosen for an id of this kind; nothing where the portal has no list of them, and the id is typed. */
export function useThings(): (format: string) => Thing[] {
  const parties = useParties().data;
  const resources = useResources().data;
  const products = useProducts().data;
  const agreements = useAgreements().data;
  const scenarios = useScenarios().data;
  const consents = useConsents().data;
  const posts = usePosts().data;
  const people = usePeople().data;
  const delegations = (posts ?? []).flatMap((post) => post.delegations);
  const versions = (resources ?? []).flatMap((resource) => resource.versions ?? []);
  const things: Record<string, () => Thing[]> = {
    pty: () => named(parties),
    pst: () => named(posts),
    psn: () => named(people),
    dlg: () => unnamed(delegations),
    res: () => named(resources),
    ver: () => unnamed(versions),
    prd: () => named(products),
    agr: () => unnamed(agreements),
    scn: () => named(scenarios),
    cns: () => unnamed(consents),
  };
  return (format) => things[format.replace("id:", "")]?.() ?? [];
}
