/** The tokens that open the HTTP API. Throws AccessTokensError (retriable) when they cannot be read. */
export interface AccessTokens {
  /** Tokens by name. */
  read(): Promise<Readonly<Record<string, string>>>;
}
