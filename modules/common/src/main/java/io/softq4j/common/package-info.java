/** What every module shares: the error a user can put right, and files that are written whole or not at all. */
package io.softq4j.common;
