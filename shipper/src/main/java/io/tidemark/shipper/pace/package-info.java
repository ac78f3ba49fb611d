/**
 * Time as this module sees it: a clock that can be stepped by hand, and full-jitter back-off. Nothing else in the module
 * asks the machine for time, randomness or a rest.
 */
package io.tidemark.shipper.pace;
