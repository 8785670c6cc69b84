import type { ExternalDNSController } from '../../api/dns-configuration.ts'
import { controllerAnnotations, controllerAnnotationValue, label, managedByValue } from '../../api/labels.ts'
import { labelValue } from '../../api/names.ts'
import type { KubeObject, OwnerReference } from '../../api/object.ts'

/** Labels that every DNSEndpoint of an ExternalDNS instance has, whatever it is for. */
export const controllerLabels = (controller: ExternalDNSController): Readonly<Record<string, string>> => ({
  [label.app]: labelValue(controller.name),
  [label.managedBy]: managedByValue,
  [label.controller]: labelValue(controller.name),
  [label.region]: controller.region,
})

export const endpointAnnotations = (region: string): Readonly<Record<string, string>> => {
  const value = controllerAnnotationValue(region)
  return Object.fromEntries(controllerAnnotations.map(key => [key, value]))
}

/** A reference to the owner, for garbage collection; none where the API server has not given it a uid yet. */
export const ownedBy = (owner: KubeObject): readonly OwnerReference[] =>
  owner.metadata.uid === undefined
    ? []
    : [
        {
          apiVersion: owner.apiVersion,
          kind: owner.kind,
          name: owner.metadata.name,
          uid: owner.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ]
