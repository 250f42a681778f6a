import { expect, it } from 'vitest'
import { copiesOf, mostCopies, sparesFor } from './print'

it('proposes one spare in twenty, two at least, none for nobody', () => expect([0, 1, 40, 41, 200].map(sparesFor)).toEqual([0, 2, 2, 3, 10]))
it('takes whole numbers of copies alone', () => expect(['60', ' 1 ', '0', '', '-3', '2.5', '5001'].map((x) => copiesOf(x, mostCopies))).toEqual([60, 1, null, null, null, null, null]))
