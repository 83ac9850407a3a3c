/** The functions of jstat that this project uses; the package ships no types. */
declare module 'jstat' {
  const jStat: {
    readonly studentt: { inv(p: number, degreesOfFreedom: number): number };
    readonly chisquare: { inv(p: number, degreesOfFreedom: number): number };
    readonly normal: { inv(p: number, mean: number, deviation: number): number };
    /** Regularised incomplete beta function I(x; a, b). */
    ibeta(x: number, a: number, b: number): number;
  };
  export default jStat;
}
