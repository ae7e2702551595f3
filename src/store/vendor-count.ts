/** Defines a count of a vendor's rows with one value, for metrics. */
export interface VendorCount {
  readonly vendor: string;
  readonly value: string;
  readonly count: number;
}
