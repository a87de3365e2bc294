package io.softq4j.common;

/**
 * Something only the user can put right: a missing file, a value out of range, a malformed line.
 *
 * <p>The message is all the user sees. It says what is wrong, where (file:line or configuration key), the value seen, what is
 * allowed, the likely cause and the next step. The command line prints it without a stack trace and exits with 2.
 */
public class UserError extends RuntimeException {

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
