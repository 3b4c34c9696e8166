(* The theorem on programs that hand on a state (Stage.v), for every number T of steps and every n:
   their steps chain. So a certificate has to compute two things only: that a step keeps to its
   bounds, and that it puts out the code that the next one reads. *)
From Coq Require Import List ZArith NArith Bool Arith Lia.
From TC0 Require Import Chain Serial Unrolled.
From TC0 Require Import Circuit Integers Gates Index Program Analysis Lowering Invariant Soundness.
From TC0 Require Import Vocabulary Values Stage.
Import ListNotations.
Open Scope Z_scope.

(* ---- tensors that agree ---- *)

(* Tensors with the same axes and elements. *)
Definition teq (t u : tensor) : Prop := fst t = fst u /\ forall i, snd t i = snd u i.

(* Lists of tensors that agree, at each place. *)
Lemma teq_nth l m : Forall2 teq l m -> forall k, teq (nth k l tnone) (nth k m tnone).
Proof.
  induction 1; intros [| k]; simpl; auto; split; auto.
Qed.

(* Operations of tensors that agree agree. *)
Lemma sem1_teq n l m o : Forall2 teq l m -> teq (sem1 n l o) (sem1 n m o).
Proof.
  intro H. pose proof (teq_nth _ _ H) as E. clear H.
  assert (T : forall ds ds' f g, ds = ds' -> (forall i, f i = g i) ->
    teq (ds, table 0 ds f) (ds', table 0 ds' g)).
  { intros ds ds' f g -> F. split; [auto |]. intro i. simpl. rewrite !table_eq.
    destruct (inb ds' i); auto. }
  destruct o; simpl; apply T; auto; try apply E; intro i.
  - do 2 f_equal. apply map_ext. intro e. f_equal. apply E.
  - f_equal; apply E.
  - f_equal. apply E.
  - f_equal. apply map_ext. intro e. f_equal; apply E.
  - f_equal; apply E.
  - f_equal. f_equal; [apply E |]. f_equal. apply map_ext. intro e. apply E.
Qed.

(* So do programs. *)
Lemma sems_teq n ops : forall l m, Forall2 teq l m -> Forall2 teq (sems n ops l) (sems n ops m).
Proof.
  induction ops as [| o r IH]; simpl; auto. intros l m H. apply IH.
  apply Forall2_app; auto. repeat constructor; now apply sem1_teq.
Qed.
Lemma elements_teq t u : teq t u -> elements t = elements u.
Proof. intros [D E]. unfold elements. rewrite D. now apply map_ext. Qed.
Lemma meant_teq ops ks n l m : Forall2 teq l m -> meant ops ks n l = meant ops ks n m.
Proof.
  intro H. unfold meant. induction ks as [| k ks IH]; simpl; auto. f_equal; auto.
  apply elements_teq, teq_nth, sems_teq, H.
Qed.

(* The bits of an element are among those of its input. *)
Lemma wire_shift a n i b : inb (dims n (in_shape a)) i = true -> (b < in_bits a)%nat ->
  exists j, (j < nbits a n)%nat /\ forall o, wire a n o i b = (o + j)%nat.
Proof.
  intros I B. exists (ravel (dims n (in_shape a)) i 0 * in_bits a + b)%nat.
  split; [| reflexivity]. pose proof (ravel_lt _ i 0 I) as R. simpl in R. unfold nbits. nia.
Qed.

(* Inputs read their own bits only. *)
Lemma sems0_teq n ins : forall o o' x y,
  (forall j, (j < many ins n)%nat -> x (o + j)%nat = y (o' + j)%nat) ->
  Forall2 teq (sems0 ins n o x) (sems0 ins n o' y).
Proof.
  unfold many. induction ins as [| a r IH]; simpl; intros o o' x y H; constructor.
  - split; [auto |]. intro i. simpl. rewrite !table_eq.
    destruct (inb (dims n (in_shape a)) i) eqn:I; auto. do 2 f_equal.
    apply map_ext_in. intros b B. apply in_seq in B. do 2 f_equal.
    destruct (wire_shift a n i b I) as (j & J & W); [lia |].
    rewrite !W. apply H. lia.
  - apply IH. intros j J. rewrite <- !Nat.add_assoc. apply H. lia.
Qed.

(* Inputs one behind the other. *)
Lemma sems0_app n ins more : forall o x,
  sems0 (ins ++ more) n o x = sems0 ins n o x ++ sems0 more n (o + many ins n) x.
Proof.
  unfold many. induction ins as [| a r IH]; simpl; intros o x; [now rewrite Nat.add_0_r |].
  rewrite IH. now rewrite Nat.add_assoc.
Qed.
Lemma many_app n ins more : many (ins ++ more) n = (many ins n + many more n)%nat.
Proof. unfold many. now rewrite map_app, list_sum_app. Qed.

(* ---- numbers and tensors ---- *)

(* Parts of lists. *)
Lemma skipn_more {A} j k : forall l : list A, skipn j (skipn k l) = skipn (k + j) l.
Proof. induction k; intros [| a l]; simpl; auto. now rewrite skipn_nil. Qed.
Lemma nth_skipn {A} k j (d : A) : forall l, nth j (skipn k l) d = nth (k + j) l d.
Proof. induction k; intros [| a l]; simpl; auto. now destruct j. Qed.
Lemma skipn_seq k : forall s m, skipn k (seq s m) = seq (s + k) (m - k).
Proof.
  induction k; intros s [| m]; simpl; rewrite ?Nat.add_0_r; auto. rewrite IHk. f_equal; lia.
Qed.

(* The numbers of codes one behind the other. *)
Lemma decode_app os : forall more v,
  decode (os ++ more) v = decode os v ++ decode more (skipn (length (literals os)) v).
Proof.
  induction os as [| [b ws] os IH]; intros more v; simpl; auto. rewrite IH. do 2 f_equal.
  unfold literals. simpl. rewrite map_app, app_length, map_length. f_equal.
  clear. revert v. induction ws as [| w ws IHw]; intros [| u v]; simpl; auto.
  now rewrite skipn_nil.
Qed.

(* An element with its weights, from bits. *)
Definition element (a : input) (v : list bool) : Z :=
  in_base a + wsum (fun c : bool => c) (combine (map (in_place a) (seq 0 (in_bits a))) v).

(* Elements of one input, as numbers. *)
Lemma decode_repeat a m : forall v, decode
    (repeat (in_base a, map (fun b => (in_place a b, (false, RIn 0))) (seq 0 (in_bits a))) m) v =
  map (fun j => element a (skipn (j * in_bits a) v)) (seq 0 m).
Proof.
  induction m as [| m IH]; intro v; [reflexivity |].
  cbn [repeat decode seq map]. rewrite map_map, map_length, seq_length. f_equal.
  rewrite IH, <- seq_shift, map_map. apply map_ext. intro j. f_equal.
  apply skipn_more.
Qed.

(* The literals of one input. *)
Lemma literals_repeat a m : length (literals (repeat
  (in_base a, map (fun b => (in_place a b, (false, RIn 0))) (seq 0 (in_bits a))) m)) =
  (m * in_bits a)%nat.
Proof.
  unfold literals. rewrite map_length. induction m; simpl; auto.
  now rewrite app_length, map_length, seq_length, IHm.
Qed.

(* The literals of codes, counted. *)
Lemma literals_codes n ins : length (literals (codes ins n)) = many ins n.
Proof.
  unfold many. induction ins as [| a r IH]; simpl; auto.
  assert (A : forall l m, literals (l ++ m) = literals l ++ literals m)
    by (intros; unfold literals; now rewrite map_app, concat_app, map_app).
  rewrite A, app_length, literals_repeat, IH. reflexivity.
Qed.

(* An element is the weighted sum of its bits. *)
Lemma element_bits a v w : (in_bits a <= length v)%nat ->
  element a (v ++ w) =
    in_base a + zsum (map (fun b => in_place a b * Z.b2z (nth b v false)) (seq 0 (in_bits a))).
Proof.
  unfold element. intro L. f_equal. revert v w L.
  enough (H : forall k s v w, (k <= length v)%nat ->
    wsum (fun c : bool => c) (combine (map (in_place a) (seq s k)) (v ++ w)) =
    zsum (map (fun b => in_place a b * Z.b2z (nth (b - s) v false)) (seq s k))).
  { intros v w L. rewrite H by auto. f_equal. apply map_ext. intro. now rewrite Nat.sub_0_r. }
  induction k as [| k IH]; intros s v w L; [reflexivity |]. destruct v as [| u v]; [easy |].
  simpl in *. rewrite Nat.sub_diag. f_equal. rewrite IH by lia. f_equal.
  apply map_ext_in. intros b B. apply in_seq in B.
  now replace (b - s)%nat with (S (b - S s)) by lia.
Qed.

(* The numbers of bits, put into the shapes of their inputs, are the tensors of these inputs. *)
Lemma stacked_codes n ins : forall o x,
  Forall2 teq (stacked ins n (decode (codes ins n) (map x (seq o (many ins n)))))
    (sems0 ins n o x).
Proof.
  unfold many. induction ins as [| a r IH]; intros o x; simpl; constructor.
  - split; [auto |]. intro i. simpl. rewrite !table_eq.
    set (ds := dims n (in_shape a)). destruct (inb ds i) eqn:I; auto.
    pose proof (ravel_lt _ _ 0 I) as R. simpl in R. fold ds.
    rewrite decode_app, app_nth1 by (rewrite decode_repeat, map_length, seq_length; lia).
    rewrite decode_repeat.
    set (v := map x _). set (j := ravel ds i 0) in *.
    rewrite (nth_indep _ 0 (element a (skipn (0 * in_bits a) v)))
      by (rewrite map_length, seq_length; lia).
    rewrite (map_nth (fun j => element a (skipn (j * in_bits a) v))), seq_nth by lia.
    cbn [Nat.add].
    assert (LV : length v = (nbits a n + list_sum (map (fun a => nbits a n) r))%nat)
      by (unfold v; now rewrite map_length, seq_length).
    assert (LJ : (j * in_bits a + in_bits a <= length v)%nat)
      by (rewrite LV; unfold nbits; fold ds; nia).
    rewrite <- (app_nil_r (skipn _ v)), element_bits by (rewrite skipn_length; lia).
    do 2 f_equal. apply map_ext_in. intros b B. apply in_seq in B. do 2 f_equal.
    rewrite nth_skipn, (nth_indep _ false (x 0%nat)) by lia. unfold wire. fold ds j.
    rewrite LV in LJ. unfold v. rewrite map_nth, seq_nth by lia. f_equal; lia.
  - rewrite decode_app, literals_repeat.
    rewrite skipn_app, decode_repeat, map_length, seq_length, Nat.sub_diag.
    rewrite skipn_all2 by (rewrite map_length, seq_length; lia). cbn [app skipn].
    replace (skipn _ (map x _)) with
      (map x (seq (o + nbits a n) (list_sum (map (fun a => nbits a n) r)))); [apply IH |].
    rewrite skipn_map, skipn_seq. f_equal. f_equal; unfold nbits; lia.
Qed.

(* The indices of a box are in the order of their numbers. *)
Lemma ravel_box ds : forall acc,
  map (fun i => ravel ds i acc) (box ds) = seq (acc * prod ds) (prod ds).
Proof.
  induction ds as [| d ds IH]; intro acc; [simpl; now rewrite Nat.mul_1_r |].
  change (prod (d :: ds)) with (d * prod ds)%nat.
  change (box (d :: ds)) with (flat_map (fun k => map (cons k) (box ds)) (seq 0 d)).
  assert (H : forall m s, map (fun i => ravel (d :: ds) i acc)
      (flat_map (fun k => map (cons k) (box ds)) (seq s m)) =
    seq ((acc * d + s) * prod ds) (m * prod ds)).
  { induction m as [| m IHm]; intro s; [reflexivity |].
    cbn [seq flat_map]. rewrite map_app, map_map, IHm. simpl ravel. rewrite IH.
    change (S m * prod ds)%nat with (prod ds + m * prod ds)%nat. rewrite seq_app. f_equal.
    f_equal. lia. }
  rewrite H. f_equal. lia.
Qed.

(* The elements of numbers that were put into shapes are these numbers. *)
Lemma elements_stacked n ins : forall z,
  length z = list_sum (map (fun a => prod (dims n (in_shape a))) ins) ->
  flat_map elements (stacked ins n z) = z.
Proof.
  induction ins as [| a r IH]; intros z L; simpl in *; [now destruct z |].
  set (m := prod (dims n (in_shape a))) in *.
  rewrite IH by (rewrite skipn_length; lia).
  transitivity (firstn m z ++ skipn m z); [f_equal | apply firstn_skipn].
  unfold elements. cbn [fst snd].
  rewrite (map_ext_in _ (fun i => nth (ravel (dims n (in_shape a)) i 0) z 0)).
  - rewrite <- (map_map (fun i => ravel (dims n (in_shape a)) i 0) (fun k => nth k z 0)).
    rewrite ravel_box. fold m. cbn [Nat.mul].
    assert (M : (m <= length z)%nat) by lia. revert M. clear. revert z.
    induction m as [| m IH]; intros [| k z] M; simpl in *; auto; [lia |]. f_equal.
    rewrite <- IH by lia. rewrite <- seq_shift, map_map. reflexivity.
  - intros i I. now rewrite table_eq, (proj1 (in_box _ _) I).
Qed.

(* Codes have a number for each element. *)
Lemma decode_codes_length n ins : forall v, length (decode (codes ins n) v) =
  list_sum (map (fun a => prod (dims n (in_shape a))) ins).
Proof.
  induction ins as [| a r IH]; intro v; [reflexivity |]. cbn [codes flat_map].
  rewrite decode_app, app_length, decode_repeat, map_length, seq_length. simpl. f_equal. apply IH.
Qed.

(* The numbers of the bits of inputs are their elements. *)
Lemma decode_codes n ins o x :
  decode (codes ins n) (map x (seq o (many ins n))) = flat_map elements (sems0 ins n o x).
Proof.
  rewrite <- (elements_stacked n ins (decode (codes ins n) _)) at 1
    by apply decode_codes_length.
  pose proof (stacked_codes n ins o x) as H. revert H.
  generalize (stacked ins n (decode (codes ins n) (map x (seq o (many ins n))))).
  generalize (sems0 ins n o x). intros l m H.
  induction H; simpl; auto. f_equal; auto. now apply elements_teq.
Qed.

(* ---- the theorem ---- *)

(* A certificate holds with greater bounds. *)
Definition nle (p q : npoly) : bool :=
  (length p <=? length q)%nat && forallb (fun c => N.leb (fst c) (snd c)) (combine p q).
Lemma nle_ok p : forall q n, nle p q = true -> (neval p n <= neval q n)%N.
Proof.
  induction p as [| a p IH]; intros [| b q] n H; cbn [neval]; try lia; try discriminate H.
  unfold nle in H. simpl in H. rewrite !andb_true_iff in H. destruct H as (L & A & R).
  apply N.leb_le in A. assert (H : nle p q = true) by (unfold nle; now rewrite L, R).
  specialize (IH q n H). nia.
Qed.

(* A step keeps to bounds. *)
Definition within (p : prog) (D : nat) (count : npoly) : bool :=
  match analyse p with Some (c, d) => (d <=? D)%nat && nle c count | None => false end.
Lemma within_ok p D count : within p D count = true -> certified p D count.
Proof.
  unfold within. destruct (analyse p) as [[c d] |] eqn:A; [| easy].
  rewrite andb_true_iff, Nat.leb_le. intros [LD LC] n N.
  destruct (certified_ok p d c A n N) as (W & Q & S & V).
  pose proof (nle_ok c count (N.of_nat n) LC). cbv zeta.
  split; [exact W | split; [lia | split; [lia | exact V]]].
Qed.

(* Fresh bits lie one behind the other. *)
Lemma fresh_S shared gs n t :
  fresh_bit shared gs n (S t) = (fresh_bit shared gs n t + many (g_fresh (gs t)) n)%nat.
Proof. unfold fresh_bit. rewrite seq_S, map_app, list_sum_app. simpl. lia. Qed.
Lemma fresh_mono shared gs n t T : (t <= T)%nat ->
  (fresh_bit shared gs n t <= fresh_bit shared gs n T)%nat.
Proof. induction 1; auto. rewrite fresh_S. lia. Qed.

(* Bits of a list that was read off x. *)
Lemma from_seq x s m more j : (j < m)%nat -> from (map x (seq s m) ++ more) j = x (s + j)%nat.
Proof.
  intro J. unfold from. rewrite app_nth1 by (now rewrite map_length, seq_length).
  rewrite (nth_indep _ false (x 0%nat)) by (now rewrite map_length, seq_length).
  now rewrite map_nth, seq_nth.
Qed.

(* The bits behind e are those of v. *)
Lemma from_app e v : map (from (e ++ v)) (seq (length e) (length v)) = v.
Proof.
  unfold from. induction e as [| a e IH]; simpl.
  - induction v as [| b v IH]; simpl; auto. f_equal. now rewrite <- seq_shift, map_map.
  - now rewrite <- seq_shift, map_map.
Qed.

(* Steps that hand on their state and keep to bounds chain. *)
Theorem chained_ok shared gs T D count E extra : (1 <= T)%nat ->
  (forall t, (S t < T)%nat -> within (program_of shared (gs t)) D count = true) ->
  (forall t, S t = T -> within (program_of shared (gs t)) (D + E) (nadd count extra) = true) ->
  (forall t, (S t < T)%nat -> hands shared (gs t) (gs (S t))) ->
  chained shared gs T D count E extra.
Proof.
  intros T1 C CL H n N k steps cs.
  set (c := many shared n). set (w := many (g_state (gs 0%nat)) n).
  set (os := codes (g_state (gs 0%nat)) n).
  set (ext := fun t => seq 0 c ++ seq (fresh_bit shared gs n t) (many (g_fresh (gs t)) n)).
  assert (Cert : forall t, (t < T)%nat -> certified (program_of shared (gs t))
    (D + if S t =? T then E else 0)%nat (nadd count (if (S t =? T)%nat then extra else []))).
  { intros t L. destruct (Nat.eqb_spec (S t) T) as [Q | Q]; apply within_ok; [now apply CL |].
    replace (nadd count []) with count by now destruct count.
    rewrite Nat.add_0_r. apply C. lia. }
  assert (Lay : forall t, (t < T)%nat -> layout (code os cs t) = layout (codes (g_state (gs t)) n)).
  { intros [| t] L; [reflexivity |]. apply (hands_layout shared (gs t)). auto. }
  assert (Front : (c + w <= fresh_bit shared gs n T)%nat) by (unfold fresh_bit, c, w; lia).
  assert (X : forall t, (t < T)%nat -> wf (cs t) /\
    (length (ext t) + length (literals (code os cs t)) = inputs (cs t))%nat /\
    Forall (fun i => (i < fresh_bit shared gs n T)%nat) (ext t)).
  { intros t L. destruct (Cert t L n N) as (W & _). split; [exact W | split].
    - rewrite (literals_layout _ _ (Lay t L)), literals_codes. unfold ext.
      rewrite app_length, !seq_length. unfold cs, step_circuit, compile, circuit_of. simpl.
      unfold ninputs. fold (many (p_ins (program_of shared (gs t))) n). simpl.
      rewrite !many_app. unfold c. lia.
    - unfold ext. apply Forall_app.
      split; apply Forall_forall; intros i I; apply in_seq in I; [lia |].
      pose proof (fresh_mono shared gs n (S t) T L) as M. rewrite fresh_S in M. lia. }
  assert (XI : Forall (fun i => (i < fresh_bit shared gs n T)%nat) (seq c w))
    by (apply Forall_forall; intros i I; apply in_seq in I; lia).
  assert (XL : length (seq c w) = length (literals os))
    by (unfold os; now rewrite seq_length, literals_codes).
  pose proof (handed_legal _ cs ext os (seq c w) T XI XL X) as Legal.
  destruct (chain_ok _ _ Legal) as (_ & _ & _ & A2 & _).
  destruct (handed_ok (fresh_bit shared gs n T) cs ext os (seq c w) T (D + E)) as
    (A1 & _ & A3 & _ & A5 & A6); auto.
  - intros t L. destruct (X t L) as (W & Q). destruct (Cert t L n N) as (_ & B & _).
    fold (step_circuit shared gs n t) in B. fold cs in B.
    split; [exact W | split; [destruct (S t =? T)%nat; lia | exact Q]].
  - change (chain _ _) with k in A1, A2, A3, A5, A6.
    change (handed cs ext (seq c w) T) with steps in A2, A5.
    assert (Sum : forall (g : nat -> nat) b e,
      (forall t, (t < T)%nat -> (g t <= b + if S t =? T then e else 0)%nat) ->
      (list_sum (map g (seq 0 T)) <= T * b + e)%nat).
    { intros g b e B. destruct T as [| m]; [lia |].
      rewrite seq_S, map_app, list_sum_app. simpl.
      pose proof (B m (Nat.lt_succ_diag_r m)) as BL. rewrite Nat.eqb_refl in BL.
      enough (list_sum (map g (seq 0 m)) <= m * b)%nat by lia.
      assert (BM : forall t, (t < m)%nat -> (g t <= b)%nat).
      { intros t L. pose proof (B t (le_S _ _ L)) as Q.
        rewrite (proj2 (Nat.eqb_neq (S t) (S m))) in Q by lia. lia. }
      clear - BM. induction m as [| m IH]; [simpl; lia |].
      rewrite seq_S, map_app, list_sum_app. simpl. specialize (BM m) as Q.
      specialize (IH (fun t L => BM t (le_S _ _ L))). lia. }
    split; [exact A1 | split; [| split; [| split]]].
    + unfold sums, steps, serial_steps, handed in A2. rewrite map_map in A2. simpl in A2.
      eapply Nat.le_trans; [exact A2 |]. apply (Sum (fun t => depth (cs t))).
      intros t L. apply Cert; auto.
    + rewrite A3.
      specialize (Sum (fun t => size (cs t)) (N.to_nat (neval count (N.of_nat n)))
        (N.to_nat (neval extra (N.of_nat n)))).
      enough (list_sum (map (fun t => size (cs t)) (seq 0 T)) <=
        T * N.to_nat (neval count (N.of_nat n)) + N.to_nat (neval extra (N.of_nat n)))%nat by lia.
      apply Sum. intros t L. destruct (Cert t L n N) as (_ & _ & B & _).
      fold (step_circuit shared gs n t) in B. fold cs in B. rewrite neval_add in B.
      destruct (S t =? T)%nat; simpl in B; lia.
    + intros t L. split; [now apply A5 | apply Cert; auto].
    + intro x.
      set (f := fun t e z => meant (g_ops (gs t)) (g_outs (gs t)) n
        (sems0 shared n 0 (from e) ++ sems0 (g_fresh (gs t)) n c (from e) ++
          stacked (g_state (gs t)) n z)).
      rewrite (A6 (fun _ _ => True) f x); auto.
      * clear A6. unfold os, w. rewrite decode_codes.
        assert (It : forall t, iterate (fun t => f t (map x (ext t)))
            (flat_map elements (sems0 (g_state (gs 0%nat)) n c x)) t = after shared gs n x t);
          [| apply It].
        induction t as [| t IH]; [reflexivity |]. simpl. rewrite IH. apply meant_teq.
        apply Forall2_app; [| apply Forall2_app].
        -- apply sems0_teq. intros j J. unfold ext. rewrite map_app. simpl. now rewrite from_seq.
        -- apply sems0_teq. intros j J. unfold ext, from. rewrite map_app, app_nth2;
             rewrite map_length, seq_length; [| lia].
           replace (c + j - c)%nat with j by lia.
           rewrite <- (app_nil_r (map x (seq (fresh_bit _ _ _ _) _))). now apply from_seq.
        -- clear. induction (stacked _ _ _); constructor; auto. split; auto.
      * intros t L e v Le Lv _. split; [| exact I].
        rewrite (literals_layout _ _ (Lay t L)), literals_codes in Lv.
        rewrite (decode_layout _ _ v (Lay t L)).
        destruct (Cert t L n N) as (_ & _ & _ & V). unfold cs, step_circuit in *. rewrite V.
        unfold cs, step_circuit, compile, circuit_of in Le. simpl in Le. unfold ninputs in Le.
        fold (many (p_ins (program_of shared (gs t))) n) in Le. simpl in Le.
        rewrite !many_app in Le. unfold meaning, f. simpl. fold c in Le.
        rewrite !sems0_app. simpl. symmetry.
        apply meant_teq. apply Forall2_app; [| apply Forall2_app].
        -- apply sems0_teq. intros j J. fold c in J. unfold from. now rewrite app_nth1 by lia.
        -- apply sems0_teq. intros j J. unfold from. now rewrite app_nth1 by (fold c; lia).
        -- pose proof (stacked_codes n (g_state (gs t)) (c + many (g_fresh (gs t)) n)
             (from (e ++ v))) as K.
           replace (map _ (seq _ _)) with v in K; [exact K |].
           replace (c + many (g_fresh (gs t)) n)%nat with (length e) by lia.
           rewrite <- Lv. symmetry. apply from_app.
Qed.
Print Assumptions chained_ok.

(* Computes what is asked of step t of concrete steps. *)
Ltac steps_computed :=
  try match goal with
  | L : (S ?t < ?T)%nat |- context [Nat.eqb (S ?t) ?T] =>
    rewrite (proj2 (Nat.eqb_neq (S t) T)) by lia
  | L : S ?t = ?T |- context [Nat.eqb (S ?t) ?T] => rewrite (proj2 (Nat.eqb_eq (S t) T) L)
  end;
  match goal with L : context [S ?t] |- _ => clear L; destruct t end;
  repeat match goal with |- context [Nat.eqb ?a ?b] => destruct (Nat.eqb a b) end;
  vm_compute; reflexivity.
