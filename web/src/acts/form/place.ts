/** Where a value stands in a form: as its list names it, and from the form's root. */
export interface Place {
  near: (string | number)[];
  far: (string | number)[];
}

export const ROOT: Place = { near: [], far: [] };

/** A member of what stands at a place. */
export const below = (place: Place, name: string): Place => ({
  near: [...place.near, name],
  far: [...place.far, name],
});

/** An item of the list that stands at a place. */
export const item = (place: Place, index: number): Place => ({ near: [index], far: [...place.far, index] });
