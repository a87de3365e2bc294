package io.softq4j.cli.doctor;

/**
 * One finding.
 *
 * @param name    what was looked at, such as {@code BLAS}
 * @param verdict whether it is as it should be
 * @param value   what was found
 * @param advice  what to do about it; empty if nothing
 */
public record Check(String name, Verdict verdict, String value, String advice) {

    /** Whether a finding is as it should be. */
    public enum Verdict {
        /** As it should be. */
        GOOD("✓"),
        /** Works, but slower or less than it could. */
        POOR("!"),
        /** Does not work. */
        BAD("✗");

        private final String sign;

        Verdict(String sign) {
            this.sign = sign;
        }

        /** One character. */
        public String sign() {
            return sign;
        }
    }

    static Check good(String name, String value) {
        return new Check(name, Verdict.GOOD, value, "");
    }

    static Check poor(String name, String value, String advice) {
        return new Check(name, Verdict.POOR, value, advice);
    }

    static Check bad(String name, String value, String advice) {
        return new Check(name, Verdict.BAD, value, advice);
    }
}
