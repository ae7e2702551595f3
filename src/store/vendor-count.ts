/** The number of a vendor's rows that have one value, as metrics show it. */
export interface VendorCount {
  readonly vendor: string;
  readonly value: string;
  readonly count: number;
}
