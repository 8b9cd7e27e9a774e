/** The service that the paths without a name stand for, as in the 1.x guides. */
export const defaultServiceName = 'kafka';
