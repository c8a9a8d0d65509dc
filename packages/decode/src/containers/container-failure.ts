/** Why a container cannot be read at all; its words become a finding. */
export class ContainerFailure extends Error {}
