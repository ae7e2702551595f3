/** How many rows of a vendor have a value. */
export interface VendorTally {
  readonly vendor: string;
  readonly value: string;
  readonly count: number;
}
